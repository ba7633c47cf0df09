/**
 * Which engine: the first that is set of --host, DOCKER_HOST, DOCKER_CONTEXT, the current context,
 * the default sockets, the built-in engine. dockerode knows no contexts, so they are read here and
 * both the CLI and the API get the same endpoint. Source: the CLI's own context store on disk.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHost } from '../names.ts';
import { Trouble, Usage } from '../trouble.ts';
import { userHome } from '../user-folders.ts';
import { type Named, namedBy } from './named-by.ts';
import { isAlive, listeningAt, usualSockets } from './usual-sockets.ts';

/** Its `url` is as DOCKER_HOST wants it: unix://…, tcp://…, ssh://…, npipe://… */
export interface Endpoint extends Named {
  /** It is the built-in engine of this home, whichever rule chose it. */
  builtIn?: boolean;
  /** Where the endpoint wants TLS. */
  tls?: Tls;
  /** Of several that answer and nobody named: all that listen, this one first. Null: it does not say who it is. */
  among?: readonly { url: string; says: string | null }[];
}

export interface Tls {
  /** The folder of ca.pem, cert.pem and key.pem; any of them may be missing, the first where `wantsCa` is not set. */
  folder: string;
  /** By its variables the Docker CLI wants an authority, whether or not the engine must prove anything. */
  wantsCa?: boolean;
  /** Whether the engine must prove who it is. */
  verify: boolean;
}

/** Variables by name. Said without Node's own word for it: the kit's types go to who has no types of Node. */
type Environment = Readonly<Record<string, string | undefined>>;

interface Choice {
  host?: string | undefined;
  env: Environment;
  /** The built-in engine's socket, whether or not it is up. */
  builtInSocket: string;
  /** Where to look for engines that nobody named. Default: at all usual sockets. */
  sockets?: readonly string[];
  /** Where the run's engine was: of several that nobody named, this one. */
  lastUrl?: string | null;
}

/** Null: nothing is set, and no socket is there. */
export async function resolveEndpoint({
  host,
  env,
  builtInSocket,
  sockets,
  lastUrl = null,
}: Choice): Promise<Endpoint | null> {
  if (host) return named(host, 'option', env);
  if (env.DOCKER_HOST) return named(env.DOCKER_HOST, 'DOCKER_HOST', env);
  const configFolder = configFolderOf(env);
  if (env.DOCKER_CONTEXT) {
    const named = fromContext(env.DOCKER_CONTEXT, configFolder, 'DOCKER_CONTEXT');
    if (named) return named;
  } else {
    const current = currentContext(configFolder);
    const chosen = current && fromContext(current, configFolder, 'context');
    if (chosen) return chosen;
  }
  const found = await listeningAt(sockets ?? usualSockets(env));
  const listening = found.map(({ path, says }) => ({ url: `unix://${path}`, says }));
  const chosen = listening.find(({ url }) => url === lastUrl) ?? listening[0];
  if (chosen) {
    const isOpen = chosen.url !== lastUrl && listening.filter(({ says }) => says !== null).length > 1;
    return { url: chosen.url, from: 'default-socket', ...(isOpen && { among: listening }) };
  }
  if (await isAlive(builtInSocket)) return { url: `unix://${builtInSocket}`, from: 'built-in' };
  return null;
}

/** What the Docker CLI must have in its environment to reach the same engine. */
export function cliEnvironment({ url, tls, context }: Endpoint): Record<string, string> {
  // A context may lack a certificate that the variables would have to name.
  if (context && tls) return { DOCKER_CONTEXT: context };
  return {
    DOCKER_HOST: url,
    ...(tls ? { [tls.verify ? 'DOCKER_TLS_VERIFY' : 'DOCKER_TLS']: '1', DOCKER_CERT_PATH: tls.folder } : {}),
  };
}

/** True where nothing of the address says that it leads to another machine; place.ts knows more. */
export function isLocal(endpoint: Endpoint): boolean {
  if (/^(unix|npipe):/.test(endpoint.url)) return true;
  return /^(127\.|localhost$|\[::1\]$)/.test(new URL(endpoint.url).hostname);
}

/** The machine that an address leads to: of tcp:// and ssh://. */
export function hostOf({ url }: Pick<Endpoint, 'url'>): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** What is said to an engine goes over a network, for everybody there to read. */
export function isInClear(endpoint: Endpoint): boolean {
  return endpoint.url.startsWith('tcp:') && endpoint.tls === undefined && !isLocal(endpoint);
}

/** As the Docker CLI takes it: it knows no http and no https. */
function checked(url: string, named: Omit<Named, 'url'>): string {
  // Who has just typed it need not be told so.
  const remark = named.from === 'option' ? undefined : namedBy({ ...named, url });
  const wrong = () => new Usage('bad-host', { host: url }, { remark });
  const whole = url.startsWith('/') ? `unix://${url}` : url.replace(/^https?:\/\//, 'tcp://');
  if (!/^(unix:\/\/\/.|tcp:\/\/[^/]|ssh:\/\/[^/]|npipe:\/\/.)/.test(whole)) {
    throw wrong();
  }
  if (/^(unix|npipe):/.test(whole)) return whole;
  // A host that begins with a dash would be an option of ssh.
  if (!URL.canParse(whole) || !isHost(hostOf({ url: whole }))) throw wrong();
  return whole;
}

/** By the variables of the Docker CLI: DOCKER_TLS alone encrypts, and proves nothing of the engine that answers. */
function named(url: string, from: 'option' | 'DOCKER_HOST', env: Environment): Endpoint {
  const endpoint: Endpoint = { url: checked(url, { from }), from };
  const verify = Boolean(env.DOCKER_TLS_VERIFY) || url.startsWith('https://');
  if (!endpoint.url.startsWith('tcp:') || !(verify || env.DOCKER_TLS)) return endpoint;
  return { ...endpoint, tls: { folder: env.DOCKER_CERT_PATH || configFolderOf(env), verify, wantsCa: true } };
}

function configFolderOf(env: Environment): string {
  return env.DOCKER_CONFIG || join(userHome() ?? '/', '.docker');
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
  const configFile = from === 'context' ? { configFile: join(configFolder, 'config.json') } : {};
  const named = { from, context: name, ...configFile };
  const missing = (cause?: unknown) =>
    new Trouble('context-missing', { context: name }, { cause, remark: namedBy({ ...named, url: '' }) });
  const key = createHash('sha256').update(name).digest('hex');
  const metaFile = join(configFolder, 'contexts', 'meta', key, 'meta.json');
  let told: { Host?: unknown; SkipTLSVerify?: unknown } | undefined;
  try {
    told = JSON.parse(readFileSync(metaFile, 'utf8')).Endpoints?.docker;
  } catch (cause) {
    throw missing(cause);
  }
  if (typeof told?.Host !== 'string' || told.Host === '') throw missing();
  const endpoint: Endpoint = { url: checked(told.Host, named), ...named };
  const folder = join(configFolder, 'contexts', 'tls', key, 'docker');
  const isSecure = existsSync(folder) || told.SkipTLSVerify === true;
  if (!endpoint.url.startsWith('tcp:') || !isSecure) return endpoint;
  return { ...endpoint, tls: { folder, verify: told.SkipTLSVerify !== true } };
}
