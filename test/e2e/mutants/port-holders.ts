/** Wrong worlds of a published port: who holds it, and who answers in place of the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listeners } from '../../../src/host.ts';
import { type Hands, PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'port-mapping';

export const PORT_HOLDERS: readonly Row[] = [
  {
    world: 'the port is held by another container',
    step,
    finds: ['port-held-by-container'],
    async make(hands) {
      const held = hands.published();
      await hands.docker(
        'run',
        '-d',
        '--label',
        'pglab.run=of-somebody-else',
        ...held,
        hands.image,
        'sleep',
        '600',
      );
      await hands.run(held).catch(() => {});
    },
  },
  {
    world: 'the port is held by a process of this machine',
    step,
    finds: ['port-held-by-process'],
    async make(hands) {
      await hands.listens(hands.port);
      await hands.run(hands.published()).catch(() => {});
    },
  },
  {
    world: 'the port is held by a Postgres of this machine, which answers in its place',
    step,
    finds: ['port-held-by-postgres'],
    async make(hands) {
      await foreignPostgres(hands, '0.0.0.0');
      await hands.run(hands.published()).catch(() => {});
    },
  },
  {
    world: 'it runs, and a foreign Postgres answers on its port',
    newestOnly: true,
    step,
    finds: ['another-server', 'only-one-address'],
    async make(hands) {
      const id = await hands.runOld(hands.published(`127.0.0.2:${hands.port}`));
      await foreignPostgres(hands, '127.0.0.1');
      await hands.ready(id);
    },
  },
  {
    world: 'the proxy of the port was killed: a binding, and nobody behind it',
    newestOnly: true,
    step,
    finds: ['nobody-listens'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      for (const { pid } of await listeners(hands.port)) process.kill(pid as number, 'SIGKILL');
      while ((await listeners(hands.port)).length > 0) await sleep(20);
    },
  },
  {
    world: 'another database behind the port, which speaks first and is no Postgres',
    newestOnly: true,
    step,
    finds: ['no-answer'],
    async make(hands) {
      const greeting = String.raw`\x4a\0\0\0\x0a8.0.36\0`;
      const serve = `my $s = IO::Socket::INET->new(LocalPort => 5432, Listen => 9, ReuseAddr => 1) or die; while (my $c = $s->accept) { print $c "${greeting}"; <$c>; close $c }`;
      const id = await hands.run(
        [...hands.published(), '--entrypoint', 'perl'],
        ['-MIO::Socket::INET', '-e', serve],
      );
      const isUp = () =>
        hands.docker('exec', id, 'bash', '-c', ': < /dev/tcp/127.0.0.1/5432').catch(() => null);
      while ((await isUp()) === null) await sleep(50);
    },
  },
  {
    world: 'an open port, and something else than a server behind it',
    step,
    finds: ['port-open-not-ready'],
    async make(hands) {
      await hands.run([...hands.published(), '--entrypoint', 'sleep'], ['infinity']);
    },
  },
  {
    world: 'an open port, and a server that listens to nobody outside',
    newestOnly: true,
    step,
    finds: ['listens-inside-only'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(), ['-c', 'listen_addresses=localhost']));
    },
  },
];

/** The learner's own Postgres, on this machine's network: to pglab a stranger's, with its label. */
async function foreignPostgres(hands: Hands, address: string): Promise<void> {
  const { docker, image, port, secondTemplate, target } = hands;
  const flags = [
    '--network',
    'host',
    '--label',
    'pglab.run=of-somebody-else',
    '-v',
    `${secondTemplate}:${target}`,
  ];
  const id = await docker(
    'run',
    '-d',
    ...flags,
    image,
    '-c',
    `port=${port}`,
    '-c',
    `listen_addresses=${address}`,
  );
  const psql = ['psql', '-X', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-Atc'];
  // It has another password than the container: what it says to pglab is that it refuses this one.
  const change = `alter user postgres password 'another-${PASSWORD}'`;
  while ((await docker('exec', id, ...psql, change).catch(() => '')) !== 'ALTER ROLE') await sleep(50);
}
