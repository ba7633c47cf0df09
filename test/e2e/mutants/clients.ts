/** Wrong worlds of a client: rows that share one server a major, each undone before the next. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf } from '../lab.ts';
import { farAway } from './elsewhere.ts';
import { type Hands, PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'three-connections';

/** The shared server: published, with a database of its own. */
export const SERVER = 'mutants-server';

export async function startServer(hands: Hands): Promise<void> {
  const flags = ['--name', SERVER, '-e', 'POSTGRES_DB=shop', ...hands.published()];
  await hands.ready(await hands.run(flags));
}

/** A row on the shared server: what it does there, and how that is undone. */
interface ClientRow extends Row {
  undo?(hands: Hands): Promise<unknown>;
}

export const CLIENTS: readonly ClientRow[] = [
  {
    world: 'the password was changed after the start',
    step,
    finds: ['wrong-password'],
    async make({ sql }) {
      await sql(SERVER, "alter user postgres password 'changed'");
    },
    undo: ({ sql }) => sql(SERVER, `alter user postgres password '${PASSWORD}'`),
  },
  {
    world: 'the superuser goes by another name',
    step,
    finds: ['wrong-user'],
    async make({ sql }) {
      await sql(SERVER, 'create role boss superuser login');
      await sql(SERVER, 'alter role postgres rename to renamed', { user: 'boss' });
    },
    async undo({ sql }) {
      await sql(SERVER, 'alter role renamed rename to postgres', { user: 'boss' });
      // Renaming clears an MD5 password; a SCRAM one stays, and is set anew all the same.
      await sql(SERVER, `alter user postgres password '${PASSWORD}'`, { user: 'boss' });
      await sql(SERVER, 'drop role boss');
    },
  },
  {
    world: 'the database is gone',
    step,
    finds: ['missing-database'],
    async make({ sql }) {
      await sql(SERVER, 'drop database shop with (force)');
    },
    async undo({ sql }) {
      // Its way on has made one that is empty.
      await sql(SERVER, 'drop database if exists shop');
      await sql(SERVER, 'create database shop');
    },
  },
  {
    world: 'trust, where a password was expected; then behind a rule that asks others',
    step,
    before: [{ finds: ['trust-outside'], make: (hands) => rule(hands, 'trust') }],
    finds: ['trust-outside'],
    make: (hands) => ruleInFront(hands, 'host all all 10.0.0.0/8 scram-sha-256'),
    async undo(hands) {
      await ruleInFront(hands, null);
      await rule(hands, 'scram-sha-256');
    },
  },
  {
    world: 'connected through the socket',
    step,
    finds: ['connected-through-socket'],
    async make(hands) {
      await connected(hands, 'docker', ['exec', '-i', SERVER, 'psql', '-XU', 'postgres']);
    },
  },
  {
    world: 'connected from inside, through the loopback',
    step,
    finds: ['connected-through-loopback'],
    async make(hands) {
      const psql = ['psql', '-XU', 'postgres', '-h', '127.0.0.1'];
      await connected(hands, 'docker', ['exec', '-i', SERVER, ...psql]);
    },
  },
  {
    world: 'connected to the container’s own address',
    step,
    finds: ['connected-to-own-address'],
    async make(hands) {
      await connected(hands, 'psql', ['-XU', 'postgres', '-h', await addressOf(hands)], {
        PGPASSWORD: PASSWORD,
      });
    },
  },
  {
    world: 'connected from a sibling on the same network',
    step,
    finds: ['connected-from-sibling'],
    async make(hands) {
      const flags = ['run', '-i', '--rm', '--name', 'mutants-sibling', '-e', `PGPASSWORD=${PASSWORD}`];
      const psql = ['--entrypoint', 'psql', hands.image, '-XU', 'postgres', '-h', await addressOf(hands)];
      await connected(hands, 'docker', [...flags, ...psql]);
    },
  },
  {
    world: 'the port that should be closed is open, and so are the next ones, on a machine far away',
    newestOnly: true,
    step,
    env: async (hands) => ({ PGLAB_HOST: await farAway(hands) }),
    finds: ['port-not-closed'],
    async make(hands) {
      for (let port = 5432; port < 5432 + 5; port += 1) await hands.listens(port);
    },
  },
  {
    world: 'a psql that looks for sockets in another folder, and finds one there',
    newestOnly: true,
    step,
    env: ({ folder, lab }) => ({ PATH: `${folder}:${lab.env.PATH}` }),
    finds: ['psql-disagrees'],
    async make(hands) {
      const { folder, lab } = hands;
      await socketIn(hands, folder);
      const psql = await outputOf('bash', ['-c', 'command -v psql'], lab.env);
      await writeFile(join(folder, 'psql'), `#!/bin/sh\nexec ${psql} -h ${folder} "$@"\n`, { mode: 0o755 });
    },
  },
];

/** As if the container's folder of sockets were mounted there, and its port were the one of this machine. */
export async function socketIn({ docker, port, atEnd }: Hands, folder: string, id = SERVER): Promise<void> {
  const pid = await docker('inspect', '--format', '{{.State.Pid}}', id);
  await mkdir(folder, { recursive: true });
  const link = join(folder, `.s.PGSQL.${port}`);
  await symlink(`/proc/${pid}/root/run/postgresql/.s.PGSQL.5432`, link);
  atEnd(() => rm(link, { force: true }));
}

/** The method of the rule that everybody outside meets. */
async function rule({ docker, sql }: Hands, method: string): Promise<void> {
  const file = await sql(SERVER, 'show hba_file');
  await docker('exec', SERVER, 'sed', '-i', `s/^host all all all .*/host all all all ${method}/`, file);
  await sql(SERVER, 'select pg_reload_conf()');
  const now = "select auth_method from pg_hba_file_rules where type = 'host' and address = 'all'";
  while ((await sql(SERVER, now)) !== method) await sleep(20);
}

/** A rule in front of the one for everybody; null: there is none any more. */
async function ruleInFront({ docker, sql }: Hands, line: string | null): Promise<void> {
  const file = await sql(SERVER, 'show hba_file');
  const edit = line === null ? '/^host all all 10[.]/d' : `/^host all all all /i ${line}`;
  await docker('exec', SERVER, 'sed', '-i', edit, file);
  await sql(SERVER, 'select pg_reload_conf()');
  const others = "select count(*) from pg_hba_file_rules where address = '10.0.0.0'";
  while ((await sql(SERVER, others)) !== (line === null ? '0' : '1')) await sleep(20);
}

/** A psql that stays connected for as long as the row lasts. */
async function connected(
  { stays, sql }: Hands,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  stays(program, args, env);
  const others =
    "select count(*) from pg_stat_activity where application_name = 'psql' and pid <> pg_backend_pid()";
  while ((await sql(SERVER, others)) === '0') await sleep(50);
}

function addressOf({ docker }: Hands): Promise<string> {
  return docker('inspect', '--format', '{{.NetworkSettings.Networks.bridge.IPAddress}}', SERVER);
}
