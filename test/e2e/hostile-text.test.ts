/**
 * Names, labels, environments and images that are made to become part of a command, or to deceive who looks at the
 * terminal: on a real engine, with canaries for what must not happen.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import { databaseArgument } from '../../src/postgres/database-argument.ts';
import { harmless } from './harmless.ts';
import { hostileLab } from './hostile-lab.ts';
import { containerOf, homeIdOf } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';

/** Escape codes that clear the window, a newline, a mark that turns the direction, one that hides. */
const EVIL = '\u001b[2J\u001b[31m\nall is well\u202e\u200b';

describe('hostile text', () => {
  const { lab, folder, run, isOwned, imageWith } = hostileLab();

  test('a database whose name is a connection string is a name', async () => {
    let calls = 0;
    const decoy = createServer((socket) => {
      calls += 1;
      socket.destroy();
    }).listen(7777, '127.0.0.9');
    await run('check', 'exec-psql', '--run', 'conninfo');
    const flags = ['-e', 'POSTGRES_PASSWORD=hush-hush', '-e', 'POSTGRES_DB=host=127.0.0.9 port=7777'];
    const quiet = await lab.docker('run', '-d', ...flags, 'postgres:17');
    try {
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
        const { code } = await lab.pglab('check', 'exec-psql', '--run', 'conninfo', '--yes');
        if (code === 0) break;
      }
      const { steps } = await lab.json('check', 'exec-psql', '--run', 'conninfo');
      const [inside] = steps.flatMap(({ checks }) => checks.filter(({ id }) => id === 'answers-inside'));
      assert.equal(inside?.outcome, 'met', JSON.stringify(steps));
      const seen = spawnSync('bash', ['-c', inside?.evidence ?? ''], { env: lab.env, encoding: 'utf8' });
      assert.equal(seen.status, 0, seen.stderr);
      // And names of all kinds, through psql itself.
      for (const name of ['host=127.0.0.9', 'postgres://x', "a=b'c\\d", 'a b', '-x', '=']) {
        const ident = `"${name.replaceAll('"', '""')}"`;
        const psql = (...args: string[]) =>
          lab.docker('exec', quiet, 'psql', '-U', 'postgres', '-d', ...args);
        await psql('postgres', '-c', `create database ${ident}`);
        assert.equal(await psql(databaseArgument(name), '-Atc', 'select current_database()'), name);
      }
      assert.equal(calls, 0, 'somebody went where the name says');
    } finally {
      decoy.close();
      await lab.docker('rm', '-fv', quiet);
      await run('reset', '--yes', '--run', 'conninfo');
    }
  });

  test('a container that is named as the beginning of an id is not taken for it', async () => {
    await run('run', 'detached-run', '--yes', '--run', 'named');
    const short = (await containerOf(lab, 'named', 'quiet')).slice(0, 12);
    await lab.docker('run', '-d', '--name', short, '--entrypoint', 'sleep', 'postgres:17', 'infinity');
    try {
      const told = await lab.json('run', 'exec-psql', '--yes', '--run', 'named');
      assert.equal(told.outcome, 'met', JSON.stringify(told));
      assert.match(String(told.steps[0]?.commands[0]?.ran), /docker exec -i [0-9a-f]{64} bash/);
    } finally {
      await lab.docker('rm', '-fv', short);
    }
  });

  test('an id that is a command is trouble, and nothing of it runs', async () => {
    const id = await containerOf(lab, 'named', 'quiet');
    const image = await lab.docker('image', 'inspect', '--format', '{{.Id}}', 'postgres:17');
    for (const [real, kind] of [
      [id, 'container id'],
      [image.slice('sha256:'.length), 'image id'],
    ] as const) {
      const relay = await openRelay(
        join(folder, 'relay.sock'),
        String(lab.env.DOCKER_HOST).replace('unix://', ''),
      );
      relay.forge(real, `$(touch ${folder}/OWNED)`.padEnd(64, '#'));
      try {
        const told = await lab.json('run', 'exec-psql', '--yes', '--run', 'named', '--host', relay.url);
        assert.deepEqual([told.code, told.trouble?.code], [2, 'engine-nonsense'], kind);
        const text = await run('check', '--run', 'named', '--host', relay.url, '--lang', 'en');
        assert.match(text.stderr + text.stdout, /\$\(touch/);
        assert.ok(!isOwned(), kind);
      } finally {
        relay.close();
      }
    }
  });

  test('what names, labels and environments hold reaches no terminal as more than text', async () => {
    const home = homeIdOf(lab);
    const labels = [`pglab.run=${EVIL}`, `pglab.home=${home}`, 'pglab.name=quiet', 'exitCode=0'];
    const flags = labels.flatMap((label) => ['--label', label]);
    const ofRun = ['--label', 'pglab.run=named', '--label', `pglab.home=${home}`];
    const network = await lab.docker('network', 'create', ...ofRun, `net${EVIL}`);
    await lab.docker('volume', 'create', ...flags, 'pglab-hostile-volume');
    await run('check', 'port-mapping', '--run', 'named');
    const line = EVIL.replace('\n', ' ');
    const common = ['run', '-d', ...flags, '--network', network, '-e', 'POSTGRES_PASSWORD=hush-hush'];
    const theirs = await lab.docker(
      ...[...common, '-p', '6700:5432', '-e', `POSTGRES_USER=me${line}`, '-e', `POSTGRES_DB=db${line}`],
      ...['-v', '/tmp:/x\u001b[2J\u202e', 'postgres:17'],
    );
    const broken = await lab.docker(...common, '-e', `PGDATA=/data${EVIL}`, 'postgres:17');
    try {
      for (const args of [
        ['check', 'port-mapping', 'exec-psql', 'config-outside', 'volume-persistence', '--run', 'named'],
        ['check', '--all', '--run', 'named', '--format', 'tap'],
        ['check', '--all', '--run', 'named', '--format', 'junit'],
        ['check', '--all', '--run', 'named', '--format', 'json'],
        ['run', 'port-mapping', '--yes', '--run', 'named'],
        ['list', '--all-runs'],
        ['--run', 'named'],
        ['hint', 'port-mapping', '--run', 'named'],
        ['reset', '--dry-run', '--run', 'named'],
        ['reset', '--dry-run', '--all-runs'],
        ['doctor'],
      ])
        await run(...args);
      for (const args of [
        ['check', 'port-mapping', 'exec-psql'],
        ['reset', '--dry-run'],
        ['list', '--all-runs'],
      ]) {
        const session = openTerminal(lab, [...args, '--run', 'named']);
        await session.ends();
        harmless(session.text(), `${args.join(' ')} on a terminal`);
      }
      const { stdout } = await run('reset', '--dry-run', '--run', 'named', '--lang', 'en');
      assert.match(stdout, /net␛\[2J␛\[31m␊all is well\\u202e\\u200b/);
      // A label that is none of ours in form makes it nobody's: no reset takes it.
      await run('reset', '--yes', '--all-runs');
      const left = await lab.docker('inspect', '--format', '{{.Id}}', theirs, broken);
      assert.equal(left, `${theirs}\n${broken}`);
      const volume = await lab.docker('volume', 'ls', '-q', '--filter', 'name=pglab-hostile-volume');
      assert.equal(volume, 'pglab-hostile-volume');
    } finally {
      await lab.docker('rm', '-fv', theirs, broken);
      await lab.docker('volume', 'rm', '-f', 'pglab-hostile-volume');
      await lab.docker('network', 'rm', network).catch(() => {});
    }
  });

  test('how a container ended is not told by a label of that name', async () => {
    const engine = await connectEngine({ url: String(lab.env.DOCKER_HOST), from: 'option' });
    const start = (label: string) =>
      lab.docker('run', '-d', '--label', label, '--entrypoint', 'bash', 'postgres:17', '-c', 'exit 3');
    const again = async (id: string) => {
      await lab.docker('wait', id);
      await lab.docker('start', id);
      await lab.docker('wait', id);
      const container = await engine.container(id);
      return container && engine.lastExit(container);
    };
    const [honest, lying] = [await start('other=137'), await start('exitCode=137')];
    try {
      assert.deepEqual([await again(honest), await again(lying)], [3, null]);
    } finally {
      await lab.docker('rm', '-fv', honest, lying);
    }
  });

  test('what a command prints is shown, and obeyed by no terminal', async () => {
    const says = 'printf "\\033[2J\\302\\2332J\\342\\200\\256gone\\n"; exec docker-entrypoint.sh "$@"';
    const image = await imageWith('pglab-hostile:log', {
      Entrypoint: ['bash', '-c', says, 'image'],
      Labels: { x: EVIL },
      Volumes: { '/var/lib/postgresql/data': {}, [`/x${EVIL}`]: {} },
    });
    const of = ['--yes', '--image', image, '--run', 'log', '--lang', 'en'];
    const told = await run('run', 'image', 'foreground-run', ...of);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(told.stdout, /␛\[2J\\u009b2J\\u202egone/);
    await run('reset', '--yes', '--run', 'log');
  });
});
