/** Slips with volumes, folders and what lies in them. */
import {
  cuts,
  followsHints,
  IMAGE,
  isReady,
  NAME,
  presses,
  RUNS,
  reads,
  runsWith,
  type Slip,
  TARGET,
  types,
} from './slip.ts';

const REMOVED = /docker rm -f \w+/;
const NOTES = "create table notes as select 'a day of work' as line";

const KEEPS = types(
  `docker exec ID psql -U postgres -c "create table kept as select 'worth keeping' as line"`,
);
const CONFIG = '/etc/postgresql';
const READS_FILE = `-c config_file=${CONFIG}/postgresql.conf`;

const RELOADS = `psql -U postgres -c 'select pg_reload_conf()'`;

export const OF_DATA: Slip[] = [
  {
    slip: 'removed with -v, and nothing is left to look for',
    step: 'disposable',
    does: [
      types(`${RUNS} ${IMAGE}`),
      isReady,
      types(`docker exec ID psql -U postgres -c "create table notes as select 'a day of work' as line"`),
      (novice) => novice.hasMet(1),
      types('docker rm -fv ID'),
    ],
    says: [['findings', 'volume-went-along']],
    out: [presses('n'), followsHints],
  },
  {
    slip: 'removed before a row was seen in it',
    step: 'disposable',
    does: [types(`${RUNS} ${IMAGE}`), isReady, reads('notes', 'adopted'), types('docker rm -f ID')],
    says: [['findings', 'gone-unseen']],
    out: [presses('n'), followsHints],
  },
  {
    slip: 'one from before the step began anew is still running',
    step: 'disposable',
    does: [
      types(`${RUNS} ${IMAGE}`),
      reads('notes', 'adopted'),
      presses('n'),
      reads('notes', 'begun-anew-asked'),
      types(`${RUNS} ${IMAGE}`),
      isReady,
      types(`docker exec ID psql -U postgres -c "${NOTES}"`),
      (novice) => novice.hasMet(1),
      types('docker rm -f ID'),
    ],
    says: [['notes', 'not-new']],
    out: [presses('n'), followsHints],
  },
  {
    slip: 'a typo in the name of the volume, at the second start',
    step: 'volume-persistence',
    does: [
      types(`${RUNS} -v ${NAME}:${TARGET} ${IMAGE}`),
      isReady,
      KEEPS,
      // The mount, the data in it, and the row.
      (novice) => novice.hasMet(3),
      types('docker rm -f ID', `${RUNS} -v ${NAME}x:${TARGET} ${IMAGE}`),
    ],
    says: [['findings', 'another-volume']],
    out: [cuts(REMOVED), runsWith(/-v \S+/)],
  },
  {
    slip: 'the volume at a place where the image keeps nothing',
    step: 'volume-persistence',
    does: [
      types(`${RUNS} -v ${NAME}y:/var/lib/data ${IMAGE}`),
      isReady,
      KEEPS,
      types('docker rm -f ID', `${RUNS} -v ${NAME}y:/var/lib/data ${IMAGE}`),
    ],
    says: [['findings', 'wrong-volume-target']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'the file is for its owner alone',
    step: 'config-outside',
    does: [
      types(
        'umask 077; mkdir conf',
        `printf "listen_addresses = '*'\\nwork_mem = '8MB'\\n" > conf/postgresql.conf`,
        `${RUNS} -v "$PWD/conf":${CONFIG}:ro ${IMAGE} ${READS_FILE}`,
      ),
    ],
    says: [['findings', 'config-unreadable']],
    out: [cuts(/docker rm -v \w+/), types('rm -r conf; umask 022'), followsHints],
  },
  {
    slip: 'the file is mounted, and not its folder',
    step: 'config-outside',
    does: [
      types(
        'mkdir -p mine',
        `printf "listen_addresses = '*'\\nwork_mem = '8MB'\\n" > mine/postgresql.conf`,
        `${RUNS} -v "$PWD/mine/postgresql.conf":${CONFIG}/postgresql.conf:ro ${IMAGE} ${READS_FILE}`,
      ),
    ],
    says: [['findings', 'file-mounted']],
    out: [types('docker rm -f ID'), followsHints],
  },
  {
    slip: 'restarted, and then reloaded with nothing left to take up',
    step: 'config-outside',
    does: [
      types(
        'mkdir -p own',
        `printf "listen_addresses = '*'\\nwork_mem = '8MB'\\n" > own/postgresql.conf`,
        `${RUNS} -v "$PWD/own":${CONFIG}:ro ${IMAGE} ${READS_FILE}`,
      ),
      isReady,
      (novice) => novice.hasMet(2),
      types("sed -i 's/8MB/32MB/' own/postgresql.conf", 'docker restart ID'),
      isReady,
      types(`docker exec ID ${RELOADS}`),
    ],
    says: [['findings', 'read-at-start']],
    out: [
      types("sed -i 's/32MB/64MB/' own/postgresql.conf"),
      cuts(/docker exec \w+ psql .*?'select pg_reload_conf\(\)'/),
    ],
  },
];
