/** Slips with containers that only have to run. */
import {
  closesTerminal,
  comesBack,
  cuts,
  followsHints,
  IMAGE,
  interrupts,
  isReady,
  isSetUp,
  leaves,
  OTHER_IMAGE,
  ofName,
  PORT,
  presses,
  RUNS,
  reads,
  type Slip,
  starts,
  types,
  WORD,
} from './slip.ts';

const READY_TWICE = /ready to accept connections[\s\S]*ready to accept connections/;

export const OF_THE_FIRST: Slip[] = [
  {
    slip: 'the variable is not set in the shell',
    step: 'foreground-run',
    does: [
      types(
        `docker run --rm ${IMAGE}`,
        'unset POSTGRES_PASSWORD',
        `docker run -e POSTGRES_PASSWORD ${IMAGE}`,
      ),
    ],
    says: [['notes', 'refused-again']],
    never: [['notes', 'adopted-near']],
    out: [
      types(`export POSTGRES_PASSWORD=${WORD}`),
      starts(`docker run --rm -e POSTGRES_PASSWORD ${IMAGE}`, READY_TWICE),
      interrupts,
    ],
  },
  {
    slip: 'the name of the variable is misspelt',
    step: 'foreground-run',
    does: [types(`docker run ${IMAGE}`, `docker run -e POSTGRES_PASWORD=${WORD} ${IMAGE}`)],
    says: [['notes', 'refused-misspelt']],
    never: [['notes', 'refused-again']],
    out: [starts(`docker run --rm -e POSTGRES_PASSWORD ${IMAGE}`, READY_TWICE), interrupts],
  },
  {
    slip: 'killed, and not ended by Ctrl-C',
    step: 'foreground-run',
    does: [
      types(`docker run ${IMAGE}`),
      starts(`docker run -e POSTGRES_PASSWORD --name ${WORD} ${IMAGE}`, READY_TWICE),
      async (novice) => {
        await novice.inAnother(`docker kill ${WORD}`);
      },
    ],
    says: [['findings', 'ended-otherwise']],
    out: [
      types(`docker rm -v ${WORD}`),
      starts(`docker run --rm -e POSTGRES_PASSWORD ${IMAGE}`, READY_TWICE),
      interrupts,
    ],
  },
  {
    slip: 'in the background, and not in the window',
    step: 'foreground-run',
    does: [types(`docker run ${IMAGE}`, `${RUNS} ${IMAGE}`), isReady],
    says: [['findings', 'not-attached']],
    never: [['notes', 'newer-no-password']],
    out: [
      types('docker rm -f ID'),
      starts(`docker run -e POSTGRES_PASSWORD ${IMAGE}`, READY_TWICE),
      interrupts,
    ],
  },
];

export const OF_THE_BACKGROUND: Slip[] = [
  {
    slip: 'a port is published',
    step: 'detached-run',
    does: [types(`${RUNS} -p ${PORT}:5432 ${IMAGE}`)],
    says: [['findings', 'port-published']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'forgot the password',
    step: 'detached-run',
    does: [types(`docker run -d ${IMAGE}`)],
    says: [['findings', 'container-wants-password']],
    out: [followsHints],
  },
  {
    slip: 'an empty variable',
    step: 'detached-run',
    does: [types('export POSTGRES_PASSWORD=', `${RUNS} ${IMAGE}`)],
    says: [['findings', 'password-empty']],
    out: [cuts(/docker rm -v \w+/), followsHints],
  },
  {
    slip: 'forgot -d',
    step: 'detached-run',
    does: [starts(`docker run -e POSTGRES_PASSWORD ${IMAGE}`, READY_TWICE)],
    says: [['findings', 'not-detached']],
    // Started again it holds no window, and is as right as a new one.
    out: [interrupts, types('docker start $(docker ps -aqn 1)')],
  },
  {
    slip: 'the wrong major',
    step: 'detached-run',
    does: [types(`${RUNS} ${OTHER_IMAGE}`)],
    says: [['findings', 'another-major']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'options behind the image',
    step: 'detached-run',
    does: [types(`docker run -d ${IMAGE} -e POSTGRES_PASSWORD=${WORD}`)],
    says: [['findings', 'options-behind-image']],
    out: [cuts(/docker rm -v \w+/), followsHints],
  },
  {
    slip: 'quoted wrongly: a space before the equals sign',
    step: 'detached-run',
    does: [types(`docker run -d -e "POSTGRES_PASSWORD =${WORD}" ${IMAGE}`)],
    says: [['findings', 'password-misspelt']],
    out: [cuts(/docker rm -v \w+/), followsHints],
  },
  {
    slip: 'a typo in the image',
    step: 'detached-run',
    does: [types(`docker run -d -e POSTGRES_PASSWORD postgers:17`)],
    says: [['messages', 'keys']],
    out: [followsHints],
  },
  {
    slip: 'made between two looks: it is so already, and their word is waited for',
    step: 'detached-run',
    does: [leaves, types(`${RUNS} ${IMAGE}`), comesBack],
    says: [['messages', 'press-enter-already']],
    out: [presses('\r')],
  },
  {
    slip: 'Ctrl-C in the window of pglab',
    step: 'detached-run',
    does: [presses('\u0003'), reads('messages', 'cancelled'), comesBack],
    says: [['messages', 'by-hand']],
    out: [followsHints],
  },
  {
    slip: 'the window of pglab is closed',
    step: 'detached-run',
    does: [closesTerminal, comesBack],
    says: [['messages', 'by-hand']],
    out: [followsHints],
  },
  {
    slip: 'created, and never started',
    step: 'detached-run',
    does: [types(`docker create -e POSTGRES_PASSWORD ${IMAGE}`)],
    says: [['findings', 'container-created']],
    out: [cuts(/docker start \w+/)],
  },
  {
    slip: 'on the host network',
    step: 'detached-run',
    does: [types(`${RUNS} --network host ${IMAGE}`)],
    says: [['findings', 'on-host-network']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'removed too early',
    step: 'detached-run',
    does: [
      types(`docker create -e POSTGRES_PASSWORD ${IMAGE}`),
      reads('findings', 'container-created'),
      types('docker rm -v ID'),
    ],
    says: [['messages', 'change-removed']],
    out: [followsHints],
  },
  {
    slip: 'keys that mean nothing, and a command in the window of pglab',
    step: 'detached-run',
    does: [presses('x\u001b[A\u001bOR'), presses(`${RUNS} ${IMAGE}\r`)],
    says: [['notes', 'typed-here']],
    out: [followsHints],
  },
  {
    slip: 'stopped what the step needs',
    step: 'exec-psql',
    after: ['detached-run'],
    does: [isSetUp(ofName('quiet')), types(`docker stop ${ofName('quiet')}`)],
    says: [['findings', 'container-stopped']],
    out: [cuts(/docker start \w+/), followsHints],
  },
  {
    slip: 'psql in another container, then as root, then to a database that is not there',
    step: 'exec-psql',
    after: ['detached-run'],
    does: [
      types(`${RUNS} ${IMAGE}`),
      isReady,
      types(`docker exec ID psql -U postgres -c 'select 1'`),
      reads('notes', 'visited-another'),
      types(`docker exec ${ofName('quiet')} psql -c 'select 1'`),
      reads('notes', 'refused-role'),
      types(`docker exec ${ofName('quiet')} psql -U postgres -d ${WORD} -c 'select 1'`),
    ],
    says: [['notes', 'refused-database']],
    out: [followsHints],
  },
];
