/** What Podman tells otherwise than Docker, as its API does: names of images, who was attached, an end that is no end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import { withoutAsManyAsOwn } from '../../src/engine/exec.ts';
import type { Engine, EngineEvent } from '../../src/engine/types.ts';
import { familiarName, wholeName } from '../../src/grammar.ts';

const ID = 'c'.repeat(64);
const BUILT = `sha256:${'1'.repeat(64)}`;
const HUB = `sha256:${'2'.repeat(64)}`;

describe('an engine that is Podman', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-podman-'));
  const asked: string[] = [];
  let events: string[] = [];
  let hasHub = false;
  let engine: Engine;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const [status, answer] = answerTo(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer);
  });

  /** As Podman 4.3 and 5.4 answer. */
  function answerTo({ url = '', method }: IncomingMessage): [number, string] {
    const { pathname, searchParams } = new URL(url, 'http://podman');
    const path = pathname.replace(/^\/v[\d.]+/, '');
    const told = (answer: object): [number, string] => [200, JSON.stringify(answer)];
    if (path === '/version')
      return told({ ApiVersion: '1.41', Version: '4.3.1', Components: [{ Name: 'Podman Engine' }] });
    if (path === '/info') return told({ ID: 'made up anew', Name: 'vm', DockerRootDir: '/r' });
    if (path === '/images/load')
      return told({ stream: 'Loaded image: localhost/postgres:17,localhost/pglab/postgres:17' });
    if (path === '/images/create') return told({ status: 'done' });
    if (method === 'POST') return [201, ''];
    if (path === '/events') {
      // An end that has passed ends its reading at once.
      const isCut = searchParams.has('until');
      return [200, isCut ? '' : events.map((action) => `${JSON.stringify(event(action))}\n`).join('')];
    }
    const name = decodeURIComponent(/^\/images\/(.+)\/json$/.exec(path)?.[1] ?? '');
    if (hasHub && /^docker\.io\/library\/postgres:17$/.test(name))
      return told({ Id: HUB, RepoTags: ['docker.io/library/postgres:17'] });
    // The end of a name is enough for it.
    if ('localhost/pglab/postgres:17'.endsWith(`/${name}`) || name === BUILT)
      return told({ Id: BUILT, RepoTags: ['localhost/pglab/postgres:17', 'docker.io/pglab/postgres:17'] });
    if (path === `/containers/${ID}/json`) return told(CONTAINER);
    return [404, '{"message":"no such thing"}'];
  }

  before(async () => {
    server.listen(join(folder, 'podman.sock'));
    await once(server, 'listening');
    engine = await connectEngine({ url: `unix://${join(folder, 'podman.sock')}`, from: 'option' });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is called so, and keeps its id', () => {
    assert.deepEqual([engine.info.name, engine.info.id], ['Podman Engine', 'podman:vm']);
  });

  test('has an image by the whole of its name alone', async () => {
    assert.equal(await engine.image('postgres:17'), null);
    assert.deepEqual((await engine.image('pglab/postgres:17'))?.tags, ['pglab/postgres:17']);
    assert.equal((await engine.image(BUILT))?.id, BUILT);
    hasHub = true;
    assert.equal((await engine.image('postgres:17'))?.id, HUB);
  });

  test('gives and fetches a name as a whole', async () => {
    asked.length = 0;
    await engine.tag(BUILT, 'postgres:15');
    await engine.pull('postgres:15', () => {});
    const names = asked.map((line) => decodeURIComponent(line));
    assert.match(names[0] ?? '', /tag\?repo=docker\.io\/library\/postgres&tag=15/);
    assert.match(names[1] ?? '', /create\?fromImage=docker\.io\/library\/postgres&tag=15/);
  });

  test('tells all names of a tarball in one line', async () => {
    const archive = Readable.from([Buffer.from('a tarball')]);
    assert.deepEqual(await engine.load(archive, 'two.tar'), [
      'localhost/postgres:17',
      'localhost/pglab/postgres:17',
    ]);
  });

  test('tells who was attached by its events, until the last start', async () => {
    const container = await engine.container(ID);
    assert.ok(container);
    assert.equal(container.attachable, null);
    assert.equal(container.imageRef, 'pglab/postgres:17');
    const told = async (...actions: string[]) => {
      events = actions;
      return engine.wasAttached(container, 'last-start');
    };
    assert.equal(await told('create', 'init', 'attach', 'start', 'die'), true);
    assert.equal(await told('create', 'init', 'start', 'attach'), false);
    assert.equal(await told('init', 'start'), null);
    assert.equal(await told('create', 'init'), null);
    assert.equal(await told(), null);
  });
});

test('of execs, whose events say nothing of whose they are, as many are left out as were ours', async () => {
  const own = new Set(['one of before']);
  async function* events() {
    for (const action of ['exec', 'exec_died', 'start', 'exec_died', 'exec_died']) {
      if (action === 'start') own.add('ours');
      yield { action } as EngineEvent;
    }
  }
  const told: string[] = [];
  for await (const { action } of withoutAsManyAsOwn(events(), own)) told.push(action);
  assert.deepEqual(told, ['exec_die', 'start', 'exec_die']);
});

test('names of images, as a whole and as Docker shows them', () => {
  const names = {
    'postgres:17': 'docker.io/library/postgres:17',
    'pglab/postgres:17': 'docker.io/pglab/postgres:17',
    'quay.io/a/b': 'quay.io/a/b',
    'localhost:5000/a': 'localhost:5000/a',
  };
  for (const [short, whole] of Object.entries(names))
    assert.deepEqual([wholeName(short), familiarName(whole)], [whole, short]);
  assert.equal(familiarName('localhost/pglab/postgres:17'), 'pglab/postgres:17');
  assert.equal(wholeName('localhost/a'), 'localhost/a');
});

function event(action: string) {
  return { Type: 'container', Action: action, Actor: { ID, Attributes: {} }, timeNano: 1 };
}

const CONTAINER = {
  ...{ Id: ID, Name: '/quiet', Image: BUILT, Path: 'postgres', Args: [] },
  ...{ Created: '2026-11-26T18:02:37.642500762Z', RestartCount: 0, Mounts: [] },
  State: { Status: 'running', ExitCode: 0, StartedAt: '2026-11-26T18:02:38.126610922Z' },
  Config: { Image: 'localhost/pglab/postgres:17', AttachStdout: false, Env: [], Labels: {} },
  HostConfig: { NetworkMode: 'bridge' },
  NetworkSettings: { Ports: {}, Networks: {} },
};
