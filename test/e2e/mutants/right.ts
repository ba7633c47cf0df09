/** Right worlds that were made in another way than pglab makes them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ended } from '../lab.ts';
import { type Hands, PASSWORD } from './hands.ts';
import type { RightRow } from './row.ts';

const HARD = `a b'c"d$HOME\`e\\`;

export const RIGHT: readonly RightRow[] = [
  {
    world: 'in the background, by docker create and start',
    step: 'detached-run',
    async make({ docker, image, template, target }) {
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${template}:${target}`];
      await docker('start', await docker('create', '--name', 'any-name-at-all', ...flags, image));
    },
  },
  {
    world: 'a configuration of one line, with which the server hears nobody outside',
    newestOnly: true,
    step: 'config-outside',
    note: 'listens-to-itself',
    async make(hands) {
      const write = (value: string) =>
        writeFile(join(hands.folder, 'postgresql.conf'), `work_mem=${value}\n`);
      await write('8MB');
      const flags = ['-v', `${hands.folder}:/etc/postgresql`];
      const id = await hands.runOld(flags, ['-c', 'config_file=/etc/postgresql/postgresql.conf']);
      while (!(await hands.sql(id, 'select 1').catch(() => ''))) await delay(200);
      await write('32MB');
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  {
    world: 'published, by compose',
    step: 'port-mapping',
    async make(hands) {
      const file = join(hands.folder, 'compose.yaml');
      await writeFile(file, composeFile(hands));
      await hands.compose('-f', file, 'up', '-d');
      await hands.ready(await hands.compose('-f', file, 'ps', '-q', 'db'));
    },
  },
  {
    world: 'published on 127.0.0.1 alone',
    step: 'port-mapping',
    note: 'only-this-machine',
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(`127.0.0.1:${hands.port}`)));
    },
  },
  {
    world: 'published by IPv4, while somebody else listens on the same port of ::1',
    newestOnly: true,
    step: 'port-mapping',
    note: 'localhost-reaches-another',
    async make(hands) {
      await hands.listens(hands.port, '::1');
      await hands.ready(await hands.runOld(hands.published(`0.0.0.0:${hands.port}`)));
    },
  },
  {
    world: 'published by IPv4, while another container has the same port of ::1',
    newestOnly: true,
    step: 'port-mapping',
    note: 'localhost-reaches-another',
    async make(hands) {
      const flags = ['--label', 'pglab.run=of-somebody-else', ...hands.published(`[::1]:${hands.port}`)];
      await hands.docker('run', '-d', ...flags, hands.image, 'sleep', '600');
      await hands.ready(await hands.runOld(hands.published(`0.0.0.0:${hands.port}`)));
    },
  },
  {
    world: 'published on 127.0.0.1, while somebody listens at an address that localhost does not mean',
    newestOnly: true,
    step: 'port-mapping',
    note: 'only-this-machine',
    async make(hands) {
      await hands.listens(hands.port, '127.0.0.9');
      await hands.ready(await hands.runOld(hands.published(`127.0.0.1:${hands.port}`)));
    },
  },
  {
    world: 'inside, after a psql without -U was refused as root',
    step: 'exec-psql',
    note: 'role-missing',
    async make(hands) {
      const id = await hands.runOld();
      await hands.ready(id);
      await hands.docker('exec', id, 'psql', '-c', 'select 1').catch(() => {});
    },
  },
  {
    world: 'inside, after a database was asked for that is not there',
    newestOnly: true,
    step: 'exec-psql',
    note: 'database-missing',
    async make(hands) {
      // A variable of its clients leads elsewhere; its server is asked all the same.
      const id = await hands.runOld(['-e', 'PGHOST=/nowhere']);
      await hands.ready(id);
      await hands.sql(id, 'select 1', { database: 'shop' }).catch(() => {});
    },
  },
  {
    world: 'in the foreground, under an init: the server is not process 1',
    step: 'foreground-run',
    async make(hands) {
      await hands.docker('wait', await hands.docker('run', '-d', hands.image));
      await hands.inForeground('mutant-init', ['--init']);
      await hands.ready('mutant-init');
      await hands.docker('kill', '--signal', 'INT', 'mutant-init');
      await hands.docker('wait', 'mutant-init');
    },
  },
  {
    world: 'published, on a network of the learner’s',
    step: 'three-connections',
    async make(hands) {
      await hands.docker('network', 'create', 'mutants-network');
      await hands.ready(await hands.runOld(['--network', 'mutants-network', ...hands.published()]));
    },
  },
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
  {
    world: 'another port, since the one of the article is somebody else’s',
    step: 'port-mapping',
    async make(hands) {
      await hands.listens(hands.port);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  {
    world: 'a second major on whatever port',
    step: 'two-versions',
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      const other = hands.major === 15 ? 17 : 15;
      const flags = ['-e', 'POSTGRES_PASSWORD=x', ...hands.published(hands.port + 60)];
      await hands.ready(await hands.docker('run', '-d', ...flags, `postgres:${other}`));
    },
  },
  {
    world: 'not published, while a Postgres of this machine listens on 5432',
    step: 'isolated-port',
    async make(hands) {
      await hands.runOld();
      await hands.listens(5432);
    },
  },
  {
    world: 'case 1, while a Postgres of this machine listens on 5432',
    step: 'three-connections',
    async make(hands) {
      await hands.listens(5432);
      await hands.ready(await hands.runOld(hands.published()));
    },
  },
  {
    world: 'a row that outlived its container, which nobody saw',
    newestOnly: true,
    step: 'volume-persistence',
    async make(hands) {
      const volume = ['-v', `mutants-kept:${hands.target}`];
      const id = await hands.run(volume);
      await hands.ready(id);
      await hands.sql(id, "create table kept as select 'worth keeping' as line");
      await hands.docker('rm', '-f', id);
      await hands.ready(await hands.run(['-e', 'POSTGRES_PASSWORD=new', ...volume]));
    },
  },
  {
    world: 'a folder of one’s own for the configuration, changed and reloaded',
    newestOnly: true,
    step: 'config-outside',
    async make(hands) {
      const write = (value: string) =>
        writeFile(join(hands.folder, 'postgresql.conf'), `listen_addresses='*'\nwork_mem=${value}\n`);
      await write('8MB');
      const flags = ['-v', `${hands.folder}:/etc/postgresql`];
      const id = await hands.runOld(flags, ['-c', 'config_file=/etc/postgresql/postgresql.conf']);
      await hands.ready(id);
      await write('32MB');
      await hands.sql(id, 'select pg_reload_conf()');
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

function composeFile({ image, port, template, target }: Hands): string {
  return `version: '2.4'
services:
  db:
    image: ${image}
    environment: { POSTGRES_PASSWORD: "${PASSWORD}" }
    ports: ["${port}:5432"]
    volumes: ["data:${target}"]
volumes: { data: { external: { name: ${template} } } }
`;
}
