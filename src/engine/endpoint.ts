/**
 * Which engine: the first that is set of --host, DOCKER_HOST, DOCKER_CONTEXT, the current context,
 * the default sockets, the built-in engine. dockerode knows no contexts, so they are read here and
 * both the CLI and the API get the same endpoint. Source: the CLI's own context store on disk.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Trouble, Usage } from '../trouble.ts';
import type { Endpoint } from './types.ts';

interface Choice {
  host?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** The built-in engine's socket, whether or not it is up. */
  builtInSocket: string;
}

/** Null: nothing is set, and no socket is there. */
export async function resolveEndpoint({ host, env, builtInSocket }: Choice): Promise<Endpoint | null> {
  if (host) return tls({ url: checked(host), from: 'option' }, env);
  if (env.DOCKER_HOST) return tls({ url: checked(env.DOCKER_HOST), from: 'DOCKER_HOST' }, env);
  const configFolder = env.DOCKER_CONFIG || join(homedir(), '.docker');
  if (env.DOCKER_CONTEXT) {
    const named = fromContext(env.DOCKER_CONTEXT, configFolder, 'DOCKER_CONTEXT');
    if (named) return named;
  } else {
    const current = currentContext(configFolder);
    const chosen = current && fromContext(current, configFolder, 'context');
    if (chosen) return chosen;
  }
  for (const path of defaultSockets(env)) {
    // Nobody named these: one that a dead engine left behind is passed over.
    if (await isAlive(path)) return { url: `unix://${path}`, from: 'default-socket' };
  }
  if (await isAlive(builtInSocket)) return { url: `unix://${builtInSocket}`, from: 'built-in' };
  return null;
}

/** Whether somebody listens at a socket; one that only refuses us for our rights is alive, too. */
function isAlive(path: string): Promise<boolean> {
  if (!existsSync(path)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
  });
}

/** What the Docker CLI must have in its environment to reach the same engine. */
export function cliEnvironment(endpoint: Endpoint): Record<string, string> {
  return {
    DOCKER_HOST: endpoint.url,
    ...(endpoint.certificates ? { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: endpoint.certificates } : {}),
  };
}

/** True where the engine's ports and folders are this machine's. */
export function isLocal(endpoint: Endpoint): boolean {
  if (/^(unix|npipe):/.test(endpoint.url)) return true;
  return /^(127\.|localhost$|\[::1\]$)/.test(new URL(endpoint.url).hostname);
}

/** The address under which a published port answers. */
export function publishedHost(endpoint: Endpoint): string {
  return isLocal(endpoint) ? '127.0.0.1' : new URL(endpoint.url).hostname.replace(/^\[|\]$/g, '');
}

function checked(url: string): string {
  const whole = url.startsWith('/') ? `unix://${url}` : url;
  if (!/^(unix:\/\/\/.|tcp:\/\/[^/]|http:\/\/[^/]|https:\/\/[^/]|ssh:\/\/[^/]|npipe:\/\/.)/.test(whole)) {
    throw new Usage('bad-host', { host: url });
  }
  if (!/^(unix|npipe):/.test(whole) && !URL.canParse(whole)) throw new Usage('bad-host', { host: url });
  return whole;
}

function tls(endpoint: Endpoint, env: NodeJS.ProcessEnv): Endpoint {
  if (!env.DOCKER_TLS_VERIFY || !endpoint.url.startsWith('tcp:')) return endpoint;
  return { ...endpoint, certificates: env.DOCKER_CERT_PATH || join(homedir(), '.docker') };
}

function currentContext(configFolder: string): string | null {
  try {
    const config = JSON.parse(readFileSync(join(configFolder, 'config.json'), 'utf8'));
    return typeof config.currentContext === 'string' ? config.currentContext : null;
  } catch {
    return null;
  }
}

function fromContext(
  name: string,
  configFolder: string,
  from: 'DOCKER_CONTEXT' | 'context',
): Endpoint | null {
  if (name === 'default') return null;
  const key = createHash('sha256').update(name).digest('hex');
  const metaFile = join(configFolder, 'contexts', 'meta', key, 'meta.json');
  let url: unknown;
  try {
    url = JSON.parse(readFileSync(metaFile, 'utf8')).Endpoints?.docker?.Host;
  } catch (cause) {
    throw new Trouble('context-missing', { context: name }, { cause });
  }
  if (typeof url !== 'string' || url === '') throw new Trouble('context-missing', { context: name });
  const certificates = join(configFolder, 'contexts', 'tls', key, 'docker');
  return { url, from, context: name, ...(existsSync(certificates) ? { certificates } : {}) };
}

function defaultSockets(env: NodeJS.ProcessEnv): string[] {
  const home = homedir();
  return [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(home, '.colima/default/docker.sock'),
  ];
}
