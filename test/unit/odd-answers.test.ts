/** What answers as an engine may be a proxy that lets few questions through, or anybody: that is trouble, no bug of ours. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine } from '../../src/engine/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-odd-'));
after(() => rmSync(folder, { recursive: true }));

interface Said {
  status?: number;
  body: unknown;
}

const INTRODUCTION: Record<string, Said> = {
  version: { body: { ApiVersion: '1.41', Version: '20.10.24' } },
  info: { body: { ID: 'AAAA:BBBB', Name: 'odd' } },
};

let sockets = 0;

/** An engine that says this, by the last word of a path; a text goes out as it is. */
async function engineThatSays(answers: Record<string, Said>): Promise<() => Promise<Engine>> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const said = { ...INTRODUCTION, ...answers }[path.replace(/^.*?\/(?:v[\d.]+\/)?/, '')];
    response.writeHead(said?.status ?? (said ? 200 : 404), { 'content-type': 'application/json' });
    response.end(typeof said?.body === 'string' ? said.body : JSON.stringify(said?.body ?? {}));
  });
  sockets += 1;
  const socket = join(folder, `${sockets}.sock`);
  server.listen(socket);
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return () => connectEngine({ url: `unix://${socket}`, from: 'DOCKER_HOST' });
}

const QUESTIONS: Record<string, (engine: Engine) => Promise<unknown>> = {
  volumes: (engine) => engine.volumes(),
  networks: (engine) => engine.networks({}),
  'containers/json': (engine) => engine.listed(),
  'images/json': (engine) => engine.images(),
};
const SHAPES: unknown[] = [{ a: 1 }, 'text', 7, true, [null], ['text'], [[7]]];

for (const [path, ask] of Object.entries(QUESTIONS)) {
  test(`${path} in no shape of a list`, async () => {
    for (const shape of SHAPES) {
      const body = path === 'volumes' ? { Volumes: shape } : shape;
      const engine = await (await engineThatSays({ [path]: { body: JSON.stringify(body) } }))();
      // A list of lists may be passed over; it is never taken for a thing.
      const told = await ask(engine).catch((error) => error.code);
      const isPassedOver = Array.isArray(told) && told.length === 0;
      assert.ok(told === 'engine-nonsense' || isPassedOver, `${JSON.stringify(shape)}: ${told}`);
    }
  });

  test(`${path} not let through`, async () => {
    for (const status of [302, 401, 403, 405, 418]) {
      const body = { message: 'no' };
      const engine = await (await engineThatSays({ [path]: { status, body } }))();
      await assert.rejects(ask(engine), { code: 'engine-refuses' }, String(status));
    }
  });
}

test('sizes that are none count nothing', async () => {
  const body = { Containers: [{ Id: 'a', SizeRw: 'many' }], Volumes: [{ Name: 'b', UsageData: 7 }] };
  const engine = await (await engineThatSays({ 'system/df': { body } }))();
  assert.deepEqual(
    [...(await engine.sizes())],
    [
      ['a', 0],
      ['b', 0],
    ],
  );
});

test('an introduction of odd types is none, or its odd parts are left out', async () => {
  for (const version of [null, [], { ApiVersion: 1.41, Version: 'x' }, { ApiVersion: '1.41', Version: 7 }]) {
    const connect = await engineThatSays({ version: { body: JSON.stringify(version) } });
    await assert.rejects(connect(), { code: 'engine-unreachable' }, JSON.stringify(version));
  }
  const odd = { Platform: { Name: [['x']] }, MinAPIVersion: 7, Components: 7 };
  const body = { ApiVersion: '1.41', Version: '20', ...odd };
  const info = { ID: 'A', SecurityOptions: 'x', DockerRootDir: 7, Name: null, DriverStatus: 7 };
  const engine = await (await engineThatSays({ version: { body }, info: { body: info } }))();
  assert.deepEqual([engine.info.name, engine.root, engine.machine.isRootless], ['Docker Engine', '', false]);
});

test('an engine that lets nobody introduce themselves refuses, and one that is none does not answer', async () => {
  for (const [status, code] of [
    [401, 'engine-refuses'],
    [403, 'engine-refuses'],
    [404, 'engine-unreachable'],
    [302, 'engine-unreachable'],
  ] as const) {
    const connect = await engineThatSays({ info: { status, body: { message: 'no' } } });
    await assert.rejects(connect(), { code }, String(status));
  }
});

test('events that are no objects are passed over', async () => {
  const id = 'a'.repeat(64);
  const event = JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID: id }, timeNano: 1 });
  const lines = ['null', '7', '"text"', '{"Actor":null}', '{"Actor":7}', '{', event];
  const engine = await (await engineThatSays({ events: { body: `${lines.join('\n')}\n` } }))();
  const ids: string[] = [];
  for await (const each of await engine.events(AbortSignal.timeout(20_000))) ids.push(each.id);
  assert.deepEqual(ids, [id]);
});
