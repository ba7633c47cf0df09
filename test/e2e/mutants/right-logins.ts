/** Right worlds of a login that is not ours: another user, a password from elsewhere, one that was refused before. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ended } from '../lab.ts';
import { type Hands, PASSWORD } from './hands.ts';
import type { RightRow } from './row.ts';

const HARD = `a b'c"d$HOME\`e\\`;

export const RIGHT_LOGINS: readonly RightRow[] = [
  {
    world: 'a password with spaces, quotes and $; another user and database',
    secret: HARD,
    step: 'three-connections',
    async make(hands) {
      const login = ['-e', 'POSTGRES_USER=al ice', '-e', 'POSTGRES_DB=the "shop"'];
      const password = ['-e', `POSTGRES_PASSWORD=${HARD}`];
      const id = await hands.run([...login, ...password, ...hands.published()]);
      await hands.ready(id);
    },
  },
  {
    world: 'no password in the container, the first one in PGPASSWORD',
    newestOnly: true,
    step: 'three-connections',
    env: () => ({ PGPASSWORD: PASSWORD }),
    async make({ docker, image, template, target, published, ready }) {
      await ready(await docker('run', '-d', '-v', `${template}:${target}`, ...published(), image));
    },
  },
  {
    world: 'an old volume and another password, the first one in PGPASSWORD',
    newestOnly: true,
    step: 'three-connections',
    env: () => ({ PGPASSWORD: PASSWORD }),
    async make(hands) {
      await hands.ready(await hands.runOld(['-e', 'POSTGRES_PASSWORD=new', ...hands.published()]));
    },
  },
  {
    world: 'the password from a file',
    step: 'port-mapping',
    pastes: true,
    async make(hands) {
      await passwordFromFile(hands, `${PASSWORD}\n`, ['-v', `${hands.template}:${hands.target}`]);
    },
  },
  {
    world: 'the password from a file whose lines end as on Windows',
    newestOnly: true,
    step: 'port-mapping',
    note: 'password-cut',
    pastes: true,
    async make(hands) {
      await passwordFromFile(hands, `${PASSWORD}\r\n`);
    },
  },
  {
    world: 'published, after a psql with another password was refused',
    step: 'port-mapping',
    note: 'password-refused',
    pastes: true,
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      await refusedAs(hands, 'postgres');
    },
  },
  {
    world: 'published, after a psql without -U was refused, whose user the server does not know',
    newestOnly: true,
    step: 'port-mapping',
    note: 'role-missing',
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      await refusedAs(hands, 'root');
    },
  },
];

async function passwordFromFile(hands: Hands, text: string, flags: readonly string[] = []): Promise<void> {
  const { docker, folder, image, published, ready } = hands;
  await writeFile(join(folder, 'secret'), text);
  const secret = ['-e', 'POSTGRES_PASSWORD_FILE=/run/secret', '-v', `${folder}/secret:/run/secret`];
  await ready(await docker('run', '-d', ...secret, ...flags, ...published(), image));
}

/** A psql of this machine that comes through the port as this user, with a password that is none of the server's. */
async function refusedAs({ lab, port }: Hands, user: string): Promise<void> {
  const args = ['-X', '-w', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-c', 'select 1'];
  const { stderr } = await ended('psql', args, { ...lab.env, PGPASSWORD: 'another' });
  if (!stderr.includes('password authentication failed')) throw new Error(stderr);
}
