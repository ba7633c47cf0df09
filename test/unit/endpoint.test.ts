import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliEnvironment, hostOf, isInClear, isLocal, resolveEndpoint } from '../../src/engine/endpoint.ts';
import { isHost } from '../../src/names.ts';
import { Trouble, Usage } from '../../src/trouble.ts';

const nowhere = '/nonexistent/docker.sock';

function contextStore(contexts: Record<string, string>, current?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-contexts-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: current }));
  for (const [name, host] of Object.entries(contexts)) {
    const meta = join(folder, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
    mkdirSync(meta, { recursive: true });
    writeFileSync(
      join(meta, 'meta.json'),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    );
  }
  return folder;
}

test('the first that is set wins: --host, DOCKER_HOST, DOCKER_CONTEXT, the current context', async () => {
  const DOCKER_CONFIG = contextStore({ colima: 'unix:///colima.sock', far: 'tcp://10.0.0.5:2375' }, 'colima');
  const env = { DOCKER_CONFIG, DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///env.sock' };
  const resolve = (host?: string, changed: NodeJS.ProcessEnv = env) =>
    resolveEndpoint({ host, env: changed, builtInSocket: nowhere });
  assert.deepEqual(await resolve('tcp://one:1'), { url: 'tcp://one:1', from: 'option' });
  assert.deepEqual(await resolve(), { url: 'unix:///env.sock', from: 'DOCKER_HOST' });
  assert.deepEqual(await resolve(undefined, { DOCKER_CONFIG, DOCKER_CONTEXT: 'far' }), {
    url: 'tcp://10.0.0.5:2375',
    from: 'DOCKER_CONTEXT',
    context: 'far',
  });
  assert.deepEqual(await resolve(undefined, { DOCKER_CONFIG }), {
    url: 'unix:///colima.sock',
    from: 'context',
    context: 'colima',
    configFile: join(DOCKER_CONFIG, 'config.json'),
  });
});

test('a context that is named but missing is trouble, never a reason to take the next', async () => {
  const env = { DOCKER_CONFIG: contextStore({}), DOCKER_CONTEXT: 'gone' };
  await assert.rejects(
    () => resolveEndpoint({ env, builtInSocket: nowhere }),
    (error) => error instanceof Trouble && error.code === 'context-missing',
  );
});

test('the built-in socket is the last resort, and only where it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-sockets-'));
  const socket = join(folder, 'docker.sock');
  const env = { DOCKER_CONFIG: contextStore({}) };
  const before = await resolveEndpoint({ env, builtInSocket: socket });
  writeFileSync(socket, '');
  const dead = await resolveEndpoint({ env, builtInSocket: socket });
  rmSync(socket);
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.on('listening', resolve));
  const after = await resolveEndpoint({ env, builtInSocket: socket });
  server.close();
  assert.deepEqual(dead, before, 'a file that nobody listens at is passed over');
  // Where the machine has an engine at a default socket, that one comes first, before and after.
  if (before === null) assert.deepEqual(after, { url: `unix://${socket}`, from: 'built-in' });
  else assert.equal(after?.from, 'default-socket');
});

test('what is no address is refused with a sentence', async () => {
  for (const host of ['tcp://h:abc', 'tcp://:2375', 'x', 'ftp://a', 'unix://', '://']) {
    await assert.rejects(
      () => resolveEndpoint({ host, env: {}, builtInSocket: nowhere }),
      (error) => error instanceof Usage && error.code === 'bad-host',
    );
  }
});

test('a path alone is a socket; TLS goes to the CLI, too', async () => {
  assert.equal(
    (await resolveEndpoint({ host: '/a.sock', env: {}, builtInSocket: nowhere }))?.url,
    'unix:///a.sock',
  );
  const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  const endpoint = await resolveEndpoint({ env, builtInSocket: nowhere });
  assert.deepEqual(endpoint && cliEnvironment(endpoint), env);
});

test('a host is the name or the address of a machine, and nothing else', () => {
  for (const host of ['db', '10.0.0.5', 'fd00::5', 'host.docker.internal']) assert.ok(isHost(host), host);
  for (const host of [
    '',
    '-oX',
    'a b',
    '$(id)',
    'h:5432',
    '[::1]',
    "a'b",
    'a/b',
    '\u001b[2J',
    `${'a'.repeat(300)}`,
  ])
    assert.ok(!isHost(host), host);
});

test('an engine of another machine is reached in clear text by tcp:// without TLS', () => {
  const tls = { folder: '/certs', verify: true };
  const far = { url: 'tcp://10.0.0.5:2375', from: 'option' } as const;
  assert.deepEqual(
    [far, { ...far, tls }, { ...far, url: 'tcp://127.0.0.1:2375' }, { ...far, url: 'ssh://far' }].map(
      isInClear,
    ),
    [true, false, false, false],
  );
});

test('where a published port answers', () => {
  const at = (url: string) => ({ url, from: 'option' }) as const;
  assert.equal(hostOf(at('tcp://10.0.0.5:2375')), '10.0.0.5');
  assert.equal(hostOf(at('tcp://[fd00::5]:2375')), 'fd00::5');
  assert.equal(hostOf(at('ssh://me@far')), 'far');
  assert.deepEqual(
    ['tcp://127.0.0.1:2375', 'tcp://localhost:2375', 'tcp://10.0.0.5:2375'].map((url) => isLocal(at(url))),
    [true, true, false],
  );
});
