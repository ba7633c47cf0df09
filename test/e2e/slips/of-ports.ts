/** Slips with a published port, and on the way through it. */
import {
  comesBack,
  cuts,
  FREE,
  followsHints,
  IMAGE,
  isSetUp,
  leaves,
  NAME,
  OTHER_IMAGE,
  ofName,
  PORT,
  presses,
  RUNS,
  reads,
  runsWith,
  type Slip,
  types,
} from './slip.ts';

/** In step 7, wherever the port that was asked for went. */
const THROUGH_PORT = `psql -h 127.0.0.1 -p $(docker port ${ofName('mapped')} 5432 | head -n 1 | cut -d: -f2) -U postgres -c 'select 1'`;
const REMOVED = /docker rm -f \w+/;

export const OF_PORTS: Slip[] = [
  {
    slip: 'the two numbers of -p the wrong way round',
    step: 'port-mapping',
    does: [types(`${RUNS} -p 5432:${PORT} ${IMAGE}`)],
    says: [['findings', 'ports-swapped']],
    out: [cuts(REMOVED), runsWith(/-p \d+:5432/)],
  },
  {
    slip: 'the port is taken by another container, and the one that could not start is left lying',
    step: 'port-mapping',
    does: [
      types(`docker run -d --name ${NAME} -e POSTGRES_PASSWORD -p ${FREE}:5432 ${OTHER_IMAGE}`),
      types(`${RUNS} -p ${FREE}:5432 ${IMAGE}`),
    ],
    says: [['findings', 'port-held-by-container']],
    out: [followsHints, types(`docker rm -f ${NAME}`)],
  },
  {
    slip: 'on a network that leads to no port',
    step: 'port-mapping',
    does: [types(`${RUNS} --network none -p ${PORT}:5432 ${IMAGE}`)],
    says: [['findings', 'network-without-ports']],
    out: [cuts(REMOVED), runsWith(/-p \d+:5432/)],
  },
  {
    slip: 'two tries: no port at all, then another number inside',
    step: 'port-mapping',
    does: [
      types(`${RUNS} ${IMAGE}`),
      reads('findings', 'port-not-published'),
      cuts(REMOVED),
      types(`${RUNS} -p ${PORT}:${PORT} ${IMAGE}`),
    ],
    says: [['findings', 'other-container-port']],
    out: [cuts(REMOVED), runsWith(/-p \d+:5432/)],
  },
  {
    slip: '-p behind the image',
    step: 'port-mapping',
    does: [types(`${RUNS} ${IMAGE} -p ${PORT}:5432`)],
    says: [['findings', 'options-behind-image']],
    out: [cuts(/docker rm -v \w+/), followsHints],
  },
  {
    slip: 'for this machine alone, which is right, too',
    step: 'port-mapping',
    does: [types(`${RUNS} -p 127.0.0.1:${PORT}:5432 ${IMAGE}`)],
    says: [['notes', 'only-this-machine']],
    out: [],
  },
  {
    slip: 'the second one of the same major',
    step: 'two-versions',
    after: ['port-mapping'],
    does: [types(`${RUNS} -p ${PORT + 1}:5432 ${IMAGE}`)],
    says: [['findings', 'same-major']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'the second one on the port of the first',
    step: 'two-versions',
    after: ['port-mapping'],
    does: [types(`${RUNS} -p ${PORT}:5432 ${OTHER_IMAGE}`)],
    says: [['findings', 'port-held-by-needed']],
    out: [cuts(/docker rm \w+/), followsHints],
  },
  {
    slip: 'killed the wrong one and started it at once; then stopped, and not killed',
    step: 'failure-isolation',
    after: ['two-versions'],
    does: [
      types(`${RUNS} ${IMAGE}`, 'docker kill ID && docker start ID'),
      reads('notes', 'not-the-one'),
      isSetUp(ofName('other')),
      types(
        `docker exec ${ofName('other')} psql -U postgres -c "create table orders as select 'paid at noon' as state"`,
        `docker stop ${ofName('other')}`,
      ),
    ],
    says: [['findings', 'ended-otherwise']],
    out: [types(`docker start ${ofName('other')}`), isSetUp(ofName('other')), followsHints],
  },
  {
    slip: 'killed while pglab was away',
    step: 'failure-isolation',
    after: ['two-versions'],
    does: [
      leaves,
      isSetUp(ofName('other')),
      types(
        `docker exec ${ofName('other')} psql -U postgres -c "create table orders as select 'paid at noon' as state"`,
        `id=${ofName('other')}; docker kill $id; docker start $id`,
      ),
      comesBack,
      presses('h'),
    ],
    says: [['findings', 'never-watched']],
    out: [types(`id=${ofName('other')}; docker kill $id; docker start $id`)],
  },
  {
    slip: 'killed and started again in one line, before anybody could look',
    step: 'failure-isolation',
    after: ['two-versions'],
    does: [
      isSetUp(ofName('other')),
      types(
        `docker exec ${ofName('other')} psql -U postgres -c "create table orders as select 'paid at noon' as state"`,
        `id=${ofName('other')}; docker kill $id; docker start $id`,
      ),
    ],
    says: [['messages', 'change-ended']],
    never: [['findings', 'ended-otherwise']],
    out: [],
  },
  {
    slip: 'removed what the step needs; and then psql inside the container, not on this machine',
    step: 'three-connections',
    after: ['port-mapping'],
    does: [
      // With it what else would do.
      types('docker rm -fv $(docker ps -q --filter expose=5432)'),
      reads('findings', 'container-removed'),
      types(`${RUNS} -p ${PORT}:5432 ${IMAGE}`),
      isSetUp('ID'),
      presses('\r'),
      // It stays connected for a while, as one does who looks around: long enough for a busy machine to look.
      types(`docker exec ID psql -U postgres -c 'select pg_sleep(20)'`),
    ],
    says: [['findings', 'connected-through-socket']],
    out: [types(`PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -p ${PORT} -U postgres -c 'select 1'`)],
  },
  {
    slip: 'twice to the server from a shell in its container',
    step: 'three-connections',
    after: ['port-mapping'],
    does: [
      isSetUp(ofName('mapped')),
      presses('\r'),
      types(
        `docker exec -i ${ofName('mapped')} bash <<< 'for n in 1 2; do psql -U postgres -c "select 1"; done; sleep 4'`,
      ),
    ],
    says: [['notes', 'visit-unclear']],
    out: [
      types(
        `PGPASSWORD="$(docker exec ${ofName('mapped')} printenv POSTGRES_PASSWORD)" ${THROUGH_PORT.replace('select 1', 'select pg_sleep(20)')}`,
      ),
    ],
  },
  {
    slip: 'the wrong password',
    step: 'three-connections',
    after: ['port-mapping'],
    does: [isSetUp(ofName('mapped')), types(`PGPASSWORD=wrong ${THROUGH_PORT}`)],
    says: [['notes', 'refused-password']],
    // Whoever was let in after that is over it.
    never: [['notes', 'password-refused']],
    out: [
      presses('\r'),
      types(`PGPASSWORD="$(docker exec ${ofName('mapped')} printenv POSTGRES_PASSWORD)" ${THROUGH_PORT}`),
    ],
  },
];
