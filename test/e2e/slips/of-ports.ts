/** Slips with a published port, and on the way through it. */
import {
  cuts,
  FREE,
  followsHints,
  IMAGE,
  NAME,
  OTHER_IMAGE,
  PORT,
  RUNS,
  reads,
  runsWith,
  type Slip,
  types,
} from './slip.ts';

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
    does: [types(`${RUNS} -p ${PORT + 1}:5432 ${IMAGE}`)],
    says: [['findings', 'same-major']],
    out: [types('docker rm -f ID'), followsHints],
  },
];
