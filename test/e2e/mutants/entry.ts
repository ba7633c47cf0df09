/** Wrong worlds behind a published port: a server that is there, and whom it lets in. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { socketIn } from './clients.ts';
import { askingInClear } from './elsewhere.ts';
import { type Hands, PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'port-mapping';

export const ENTRY: readonly Row[] = [
  {
    world: 'trust for everybody, by the image’s own setting',
    newestOnly: true,
    step: 'three-connections',
    finds: ['trust-outside'],
    async make({ docker, image, published, ready }) {
      const trust = ['-e', 'POSTGRES_HOST_AUTH_METHOD=trust', '-e', 'POSTGRES_INITDB_ARGS=--no-sync'];
      await ready(await docker('run', '-d', ...trust, ...published(), image));
    },
  },
  {
    world: 'a socket of the server lies where psql of this machine looks for one',
    newestOnly: true,
    step: 'three-connections',
    finds: ['socket-found'],
    async make(hands) {
      const id = await hands.runOld(hands.published());
      await hands.ready(id);
      await socketIn(hands, '/var/run/postgresql', id);
    },
  },
  {
    world: 'the server on another port inside, by PGPORT, and that one is published',
    step,
    finds: ['server-on-another-port'],
    async make(hands) {
      const flags = ['-e', 'PGPORT=5433', ...hands.published(hands.port, 5433)];
      await hands.ready(await hands.runOld(flags));
    },
  },
  {
    world: 'the server on another port inside, by -p behind the image, and 5432 is published',
    step,
    finds: ['server-on-another-port'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(), ['-p', '5433']));
    },
  },
  {
    world: 'a rule that refuses everybody outside',
    step,
    finds: ['access-rule-refuses'],
    make: (hands) => withRule(hands, 'host all all all reject'),
  },
  {
    world: 'a rule for those alone who come by SSL',
    newestOnly: true,
    step,
    finds: ['access-rule-refuses'],
    make: (hands) => withRule(hands, 'hostssl all all all scram-sha-256'),
  },
  {
    world: 'a rule that asks for the password in clear text',
    step,
    finds: ['asked-in-clear'],
    async make(hands) {
      const flags = ['-e', 'POSTGRES_HOST_AUTH_METHOD=password', ...hands.published()];
      await hands.ready(await hands.run(flags));
    },
  },
  {
    world: 'a rule and a password of MD5, which a server of today need not ask by',
    step,
    finds: ['asked-by-md5'],
    async make(hands) {
      const id = await hands.run(['-e', 'POSTGRES_HOST_AUTH_METHOD=md5', ...hands.published()]);
      await hands.ready(id);
      const store = `set password_encryption = 'md5'; alter user postgres password '${PASSWORD}'`;
      await hands.sql(id, store);
    },
  },
  {
    world: 'something that is no Postgres, and asks for the password in clear text',
    newestOnly: true,
    step,
    finds: ['asked-in-clear'],
    async make(hands) {
      await askingInClear(hands, hands.published());
    },
  },
  {
    world: 'no connection is left',
    step,
    finds: ['too-many-connections'],
    async make(hands) {
      const few = ['max_connections=4', 'superuser_reserved_connections=0', 'max_wal_senders=0'];
      const settings = few.flatMap((each) => ['-c', each]);
      const id = await hands.runOld(hands.published(), settings);
      await hands.ready(id);
      const psql = ['psql', '-X', '-U', 'postgres', '-c', 'select pg_sleep(600)'];
      for (let each = 0; each < 4; each += 1) await hands.docker('exec', '-d', id, ...psql);
      while (await hands.sql(id, 'select 1').catch(() => null)) await sleep(50);
    },
  },
  {
    world:
      'its first start broke off at a configuration that it may not read; then that was mended, and it started again',
    newestOnly: true,
    step,
    before: [
      {
        finds: ['config-unreadable'],
        async make(hands) {
          const file = join(hands.folder, 'postgresql.conf');
          await writeFile(file, "listen_addresses = '*'\n", { mode: 0o600 });
          const flags = ['--name', 'mutant-half', '-e', 'POSTGRES_DB=shop', ...hands.published()];
          const mounted = ['-v', `${hands.folder}:/etc/postgresql`];
          const command = ['-c', 'config_file=/etc/postgresql/postgresql.conf'];
          await hands.docker('wait', await hands.run([...flags, ...mounted], command));
        },
      },
    ],
    finds: ['set-up-cut-off'],
    async make(hands) {
      await chmod(join(hands.folder, 'postgresql.conf'), 0o644);
      await hands.docker('start', 'mutant-half');
      await hands.ready('mutant-half');
    },
  },
  {
    world: 'a password changed by ALTER USER, then restarted: its volume is no old one',
    newestOnly: true,
    step,
    finds: ['wrong-password'],
    async make(hands) {
      const id = await hands.run(hands.published());
      await hands.ready(id);
      await hands.sql(id, "alter user postgres password 'changed'");
      await hands.restart(id);
    },
  },
  {
    world: 'an old volume, no password given, and none known',
    step,
    finds: ['password-not-given'],
    async make({ docker, image, template, target, published, port, ready }) {
      await ready(await docker('run', '-d', '-v', `${template}:${target}`, ...published(port), image));
    },
  },
  {
    world: 'an old volume that ignores the new password',
    step,
    finds: ['old-password-counts'],
    async make(hands) {
      await hands.ready(await hands.runOld(['-e', 'POSTGRES_PASSWORD=new', ...hands.published()]));
    },
  },
  {
    world: 'an old volume that knows no such user',
    step,
    finds: ['wrong-user'],
    async make(hands) {
      await hands.ready(await hands.runOld(['-e', 'POSTGRES_USER=alice', ...hands.published()]));
    },
  },
];

/** On data that is there already, with this rule for everybody who is not inside. */
async function withRule(hands: Hands, rule: string): Promise<void> {
  const rules = `local all all trust\nhost all all 127.0.0.1/32 trust\n${rule}\n`;
  await writeFile(join(hands.folder, 'rules.conf'), rules);
  const flags = ['-v', `${hands.folder}:/rules`, ...hands.published()];
  await hands.ready(await hands.runOld(flags, ['-c', 'hba_file=/rules/rules.conf']));
}
