/** Engines that nobody named, at sockets of a temporary home: found where each kind puts its own, and asked who they are. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createBareServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { usualSockets } from '../../src/engine/usual-sockets.ts';

const DOCKER = { ApiVersion: '1.47', Version: '28.5.1', Components: [{ Name: 'Engine' }] };
const PODMAN = { ApiVersion: '1.41', Version: '5.4.2', Components: [{ Name: 'Podman Engine' }] };

describe('engines that nobody named', () => {
  const before = process.env.HOME;
  let home = '';
  let env: NodeJS.ProcessEnv = {};
  let ends: (() => void)[] = [];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'pg-'));
    process.env.HOME = home;
    env = { XDG_RUNTIME_DIR: join(home, 'run'), TMPDIR: join(home, 'tmp') };
  });
  afterEach(() => {
    for (const end of ends) end();
    ends = [];
    process.env.HOME = before;
    rmSync(home, { recursive: true, force: true });
  });

  /** Only those of this home: the machine may have an engine of its own. */
  const sockets = () => usualSockets(env).filter((path) => path.startsWith(home));
  const found = (lastUrl: string | null = null) =>
    resolveEndpoint({ env: { ...env, DOCKER_CONFIG: home }, builtInSocket: '', sockets: sockets(), lastUrl });

  /** An engine that says who it is. */
  async function engine(path: string, version: unknown): Promise<string> {
    const server = createServer(({ url }, response) => {
      response.end(url?.endsWith('/_ping') ? 'OK' : JSON.stringify(version));
    });
    return listen(server, path);
  }

  async function listen(server: ReturnType<typeof createBareServer>, path: string): Promise<string> {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    server.listen(join(home, path));
    await once(server, 'listening');
    server.unref();
    ends.push(() => server.close());
    return `unix://${join(home, path)}`;
  }

  const PLACES = {
    'rootless Docker': 'run/docker.sock',
    'rootless Docker without a runtime folder': '.docker/run/docker.sock',
    'Docker Desktop': '.docker/desktop/docker.sock',
    OrbStack: '.orbstack/run/docker.sock',
    'Rancher Desktop': '.rd/docker.sock',
    Colima: '.colima/default/docker.sock',
    'Colima, another profile': '.colima/job/docker.sock',
    'Colima of old': '.colima/docker.sock',
    'Colima of today': '.config/colima/default/docker.sock',
    'Podman, rootless': 'run/podman/podman.sock',
    'Podman, its machine of old': '.local/share/containers/podman/machine/podman.sock',
    'Podman, its machine': 'tmp/podman/podman-machine-default-api.sock',
  };
  for (const [kind, path] of Object.entries(PLACES)) {
    test(`${kind}: at ${path}`, async () => {
      const url = await engine(path, DOCKER);
      assert.deepEqual(await found(), { url, from: 'default-socket' });
    });
  }

  test('of several that answer the first is taken, and the others are told by their names', async () => {
    const podman = await engine('run/podman/podman.sock', PODMAN);
    const docker = await engine('.rd/docker.sock', DOCKER);
    const among = [
      { url: docker, says: 'Engine 28.5.1' },
      { url: podman, says: 'Podman Engine 5.4.2' },
    ];
    assert.deepEqual(await found(), { url: docker, from: 'default-socket', among });
    assert.deepEqual(await found(podman), { url: podman, from: 'default-socket' });
  });

  test('one that answers comes before what only listens, hangs up or is no engine', async () => {
    await listen(
      createBareServer((socket) => socket.destroy()),
      'run/docker.sock',
    );
    await engine('.orbstack/run/docker.sock', { hello: 'world' });
    const podman = await engine('run/podman/podman.sock', PODMAN);
    assert.deepEqual(await found(), { url: podman, from: 'default-socket' });
  });

  test('one that is silent is not waited for without end', async () => {
    const silent = await listen(createBareServer(), 'run/docker.sock');
    assert.equal((await found())?.url, silent);
    const colima = await engine('.colima/default/docker.sock', DOCKER);
    assert.equal((await found())?.url, colima);
  });

  test('a socket that a dead engine left is passed over, and a link to another one is no second engine', async () => {
    mkdirSync(join(home, 'run'));
    writeFileSync(join(home, 'run/docker.sock'), '');
    const url = await engine('.colima/default/docker.sock', DOCKER);
    symlinkSync(join(home, '.colima/default/docker.sock'), join(home, '.colima/docker.sock'));
    assert.deepEqual(await found(), { url, from: 'default-socket' });
  });

  test('what calls itself by a name that is no name, or talks without end, gets none', async () => {
    await engine('.rd/docker.sock', { ...DOCKER, Components: [{ Name: '\u001b[2K evil' }] });
    const endless = createServer((_, response) => {
      const more = () => response.write('x'.repeat(10_000)) && setImmediate(more);
      response.on('drain', more).on('error', () => {});
      more();
    });
    await listen(endless, 'run/docker.sock');
    await engine('.orbstack/run/docker.sock', DOCKER);
    const among = (await found())?.among?.map(({ says }) => says);
    assert.deepEqual(among, ['Engine 28.5.1', 'Engine 28.5.1', null]);
  });

  test('a folder that may not be read is no trouble', async () => {
    mkdirSync(join(home, '.colima'));
    chmodSync(join(home, '.colima'), 0);
    assert.equal(await found(), null);
  });
});
