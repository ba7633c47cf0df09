/** Wrong worlds of a server that is asked from inside its container. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';

const step = 'exec-psql';

export const ASKED_INSIDE: readonly Row[] = [
  {
    world: 'inside: another major than its environment says',
    step,
    finds: ['not-the-major-it-says'],
    async make(hands) {
      await hands.ready(await hands.runOld(['-e', 'PG_MAJOR=12', '-e', `PGDATA=${dataOf(hands)}`]));
    },
  },
  {
    world: 'inside: still initialising, the temporary server answers',
    step,
    andStep: 'port-mapping',
    finds: ['still-initialising'],
    async make(hands) {
      await hands.inSetUp(hands.published());
    },
  },
  {
    world: 'inside: a password is asked for on the socket, too',
    newestOnly: true,
    step,
    finds: ['password-inside'],
    async make(hands) {
      const rules =
        'local all all scram-sha-256\nhost all all 127.0.0.1/32 trust\nhost all all all scram-sha-256\n';
      await writeFile(join(hands.folder, 'rules.conf'), rules);
      const mounted = ['-v', `${hands.folder}:/rules`];
      await hands.ready(await hands.runOld(mounted, ['-c', 'hba_file=/rules/rules.conf']));
    },
  },
  {
    world: 'inside: no server at all',
    newestOnly: true,
    step,
    finds: ['no-answer-inside'],
    async make(hands) {
      await hands.run(['--entrypoint', 'sleep'], ['infinity']);
    },
  },
];

function dataOf({ major, target }: Hands): string {
  return major >= 18 ? `${target}/${major}/docker` : target;
}
