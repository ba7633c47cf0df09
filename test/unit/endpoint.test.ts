import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliEnvironment, isLocal, publishedHost, resolveEndpoint } from '../../src/engine/endpoint.ts';
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

test('the first that is set wins: --host, DOCKER_HOST, DOCKER_CONTEXT, the current context', () => {
  const DOCKER_CONFIG = contextStore({ colima: 'unix:///colima.sock', far: 'tcp://10.0.0.5:2375' }, 'colima');
  const env = { DOCKER_CONFIG, DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///env.sock' };
  const resolve = (host?: string, changed: NodeJS.ProcessEnv = env) =>
    resolveEndpoint({ host, env: changed, builtInSocket: nowhere });
  assert.deepEqual(resolve('tcp://one:1'), { url: 'tcp://one:1', from: 'option' });
  assert.deepEqual(resolve(), { url: 'unix:///env.sock', from: 'DOCKER_HOST' });
  assert.deepEqual(resolve(undefined, { DOCKER_CONFIG, DOCKER_CONTEXT: 'far' }), {
    url: 'tcp://10.0.0.5:2375',
    from: 'DOCKER_CONTEXT',
    context: 'far',
  });
  assert.deepEqual(resolve(undefined, { DOCKER_CONFIG }), {
    url: 'unix:///colima.sock',
    from: 'context',
    context: 'colima',
  });
});

test('a context that is named but missing is trouble, never a reason to take the next', () => {
  const env = { DOCKER_CONFIG: contextStore({}), DOCKER_CONTEXT: 'gone' };
  assert.throws(
    () => resolveEndpoint({ env, builtInSocket: nowhere }),
    (error) => error instanceof Trouble && error.code === 'context-missing',
  );
});

test('the built-in socket is the last resort, and only where it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-sockets-'));
  const socket = join(folder, 'docker.sock');
  const env = { DOCKER_CONFIG: contextStore({}) };
  const before = resolveEndpoint({ env, builtInSocket: socket });
  writeFileSync(socket, '');
  const after = resolveEndpoint({ env, builtInSocket: socket });
  // Where the machine has an engine at a default socket, that one comes first, before and after.
  if (before === null) assert.deepEqual(after, { url: `unix://${socket}`, from: 'built-in' });
  else assert.equal(after?.from, 'default-socket');
});

test('what is no address is refused with a sentence', () => {
  for (const host of ['x', 'ftp://a', 'unix://', '://']) {
    assert.throws(
      () => resolveEndpoint({ host, env: {}, builtInSocket: nowhere }),
      (error) => error instanceof Usage && error.code === 'bad-host',
    );
  }
});

test('a path alone is a socket; TLS goes to the CLI, too', () => {
  assert.equal(resolveEndpoint({ host: '/a.sock', env: {}, builtInSocket: nowhere })?.url, 'unix:///a.sock');
  const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  const endpoint = resolveEndpoint({ env, builtInSocket: nowhere });
  assert.deepEqual(endpoint && cliEnvironment(endpoint), env);
});

test('where a published port answers', () => {
  const at = (url: string) => ({ url, from: 'option' }) as const;
  assert.equal(publishedHost(at('unix:///a.sock')), '127.0.0.1');
  assert.equal(publishedHost(at('tcp://10.0.0.5:2375')), '10.0.0.5');
  assert.equal(publishedHost(at('ssh://me@far')), 'far');
  assert.deepEqual(
    ['tcp://127.0.0.1:2375', 'tcp://localhost:2375', 'tcp://10.0.0.5:2375'].map((url) => isLocal(at(url))),
    [true, true, false],
  );
});
