/**
 * Names, labels, environments and images that are made to become part of a command, or to deceive who looks at the
 * terminal: on a real engine, with canaries for what must not happen.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import { databaseArgument } from '../../src/postgres/database-argument.ts';
import { containerOf, type Ended, homeIdOf, openLab, type TestLab } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';

/** Escape codes that clear the window, a newline, a mark that turns the direction, one that hides. */
const EVIL = '\u001b[2J\u001b[31m\nall is well\u202e\u200b';
/** Control characters but for newlines, and what turns or hides. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Fails where anything but colours and a line that is drawn anew would reach a terminal. */
function harmless(told: string, what: string): void {
  const bare = told.replace(/\u001b\[[\d;]*m|\r\u001b\[K|\r(?=\n)/g, '');
  const found = OBEYED.exec(bare);
  assert.equal(
    found,
    null,
    `${what}: ${JSON.stringify(bare.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 20))}`,
  );
}

describe('hostile text', () => {
  let lab: TestLab;
  let folder: string;
  const images: string[] = [];
  /** All that was printed, at every end of a verb. */
  const run = async (...args: string[]): Promise<Ended> => {
    const told = await lab.pglab(...args);
    harmless(told.stdout + told.stderr, `pglab ${args.join(' ')}`);
    assert.notEqual(told.code, 70, told.stderr);
    return told;
  };
  const isOwned = () => existsSync(join(folder, 'OWNED')) || existsSync('OWNED');
  /**
   * The image of the tests once more, with what a builder of images may write into it. Loaded as an archive of its
   * configuration alone: its layers are there.
   */
  const imageWith = async (
    name: string,
    config: { Volumes?: object; Labels?: object; Entrypoint?: string[] },
  ) => {
    const [known] = JSON.parse(await lab.docker('image', 'inspect', 'postgres:17'));
    const { Architecture: architecture, Os: os, Config, RootFS } = known;
    const rootfs = { type: 'layers', diff_ids: RootFS.Layers };
    const archive = mkdtempSync(join(folder, 'image-'));
    writeFileSync(
      join(archive, 'config.json'),
      JSON.stringify({ architecture, os, config: { ...Config, ...config }, rootfs }),
    );
    const layers = RootFS.Layers.map((_: string, at: number) => `${at}/layer.tar`);
    const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: layers }];
    writeFileSync(join(archive, 'manifest.json'), JSON.stringify(manifest));
    execFileSync('tar', ['-C', archive, '-cf', join(archive, 'image.tar'), 'manifest.json', 'config.json']);
    await lab.docker('load', '-i', join(archive, 'image.tar'));
    images.push(name);
    return name;
  };
  const mountsOf = async (id: string) =>
    JSON.parse(await lab.docker('inspect', '--format', '{{json .Mounts}}', id)) as {
      Source: string;
      Destination: string;
      Type: string;
    }[];

  before(() => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17' });
    folder = mkdtempSync(join(tmpdir(), 'pglab-hostile-'));
  });
  after(async () => {
    await lab.end();
    if (images.length > 0) await lab.docker('rmi', '-f', ...images);
    rmSync(folder, { recursive: true, force: true });
  });

  test('an image’s VOLUME is a field of --mount, whatever stands in it: no folder of the host is mounted', async () => {
    mkdirSync(join(folder, 'host'));
    const bind = `volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=${folder}/host`;
    const target = `/data,${bind}`;
    const image = await imageWith('pglab-hostile:mount', { Volumes: { [target]: {} } });
    const told = await run(
      'run',
      'detached-run',
      '--yes',
      '--image',
      image,
      '--run',
      'mount',
      '--lang',
      'en',
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const id = await containerOf(lab, 'mount', 'quiet');
    const mount = (await mountsOf(id)).find(({ Destination }) => Destination === target);
    assert.ok(mount, 'the whole text is the target');
    await lab.docker('exec', id, 'bash', '-c', `touch ${JSON.stringify(target)}/OWNED`);
    assert.ok(!existsSync(join(folder, 'host', 'OWNED')), 'a host’s folder was mounted');
    await run('reset', '--yes', '--run', 'mount');
  });

  test('a VOLUME with a command in it is quoted in all that is to be pasted, and with a colon it is refused in a sentence', async () => {
    const target = `/a;touch ${folder}/OWNED #$(touch ${folder}/OWNED)\`touch ${folder}/OWNED\`"'`;
    const image = await imageWith('pglab-hostile:paste', { Volumes: { [target]: {} } });
    const of = ['--image', image, '--run', 'paste', '--lang', 'en'];
    await run('run', 'volume-persistence', '--yes', ...of);
    const shown = await run('show', 'volume-persistence', ...of);
    const { steps } = await lab.json('check', 'volume-persistence', 'detached-run', ...of);
    const evidence = steps.flatMap(({ checks }) => checks.map((check) => check.evidence)).filter(Boolean);
    assert.ok(evidence.length > 3, JSON.stringify(steps));
    const lines = [
      ...evidence,
      ...(shown.stdout.match(/(?<=^here +)docker run .*/gm) ?? []).map((line) => `: ${line}`),
    ];
    assert.ok(lines.length > evidence.length, shown.stdout);
    for (const line of lines) {
      spawnSync('bash', ['-c', line], { cwd: folder, env: { ...lab.env }, stdio: 'ignore', timeout: 20_000 });
      assert.ok(!isOwned(), line);
    }
    await run('reset', '--yes', '--run', 'paste');
    const colon = await imageWith('pglab-hostile:colon', { Volumes: { '/a:/etc': {} } });
    const refused = await lab.json('run', 'volume-persistence', '--yes', '--image', colon, '--run', 'colon');
    assert.deepEqual([refused.code, refused.trouble?.code], [2, 'not-writable']);
    await run('reset', '--yes', '--run', 'colon');
  });

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
        await lab.docker(
          'exec',
          quiet,
          'psql',
          '-U',
          'postgres',
          '-d',
          'postgres',
          '-c',
          `create database ${ident}`,
        );
        const asked = [
          'psql',
          '-U',
          'postgres',
          '-d',
          databaseArgument(name),
          '-Atc',
          'select current_database()',
        ];
        assert.equal(await lab.docker('exec', quiet, ...asked), name);
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
    const network = await lab.docker(
      'network',
      'create',
      '--label',
      'pglab.run=named',
      '--label',
      `pglab.home=${home}`,
      `net${EVIL}`,
    );
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
      assert.equal(
        await lab.docker('inspect', '--format', '{{.Id}}', theirs, broken),
        `${theirs}\n${broken}`,
      );
      assert.equal(
        await lab.docker('volume', 'ls', '-q', '--filter', 'name=pglab-hostile-volume'),
        'pglab-hostile-volume',
      );
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
