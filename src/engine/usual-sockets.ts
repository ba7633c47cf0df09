/** Engines that nobody named, at the sockets where each of them is usually found: who listens there, and who answers. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { userHome } from '../user-folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the Docker CLI goes by itself. */
export const DOCKERS_OWN = '/var/run/docker.sock';

/** Podman asks other programs for their versions first. */
const ANSWER_WITHIN_MS = 5_000;
/** Bytes of an answer: what calls itself an engine may be anything. */
const MOST_OF_ANSWER = 64_000;

/** Who answers at a socket, in its own words; `says` is null where it only listens. */
export interface Listening {
  path: string;
  says: string | null;
}

/** Docker and its desktops first, then those that take its place. */
export function usualSockets(env: Environment): string[] {
  const home = userHome() ?? '/';
  const uid = process.getuid?.();
  const runtime = env.XDG_RUNTIME_DIR || (uid === undefined ? '' : `/run/user/${uid}`);
  const ofRuntime = (...path: string[]) => (runtime === '' ? [] : [join(runtime, ...path)]);
  const machines = join(home, '.local/share/containers/podman/machine');
  const temporary = join(env.TMPDIR || '/tmp', 'podman');
  return [
    DOCKERS_OWN,
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    ...ofRuntime('docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'),
    ...colimaSockets(env, home),
    ...ofRuntime('podman/podman.sock'),
    '/run/podman/podman.sock',
    ...below(machines, 'podman.sock'),
    ...entriesOf(temporary).flatMap((name) => (name.endsWith('-api.sock') ? [join(temporary, name)] : [])),
  ];
}

/** A folder for each profile; up to 0.3 one socket for all. */
function colimaSockets(env: Environment, home: string): string[] {
  const places = [
    ...(env.COLIMA_HOME ? [env.COLIMA_HOME] : []),
    join(home, '.colima'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'colima'),
  ];
  return places.flatMap((place) => [
    join(place, 'default', 'docker.sock'),
    join(place, 'docker.sock'),
    ...below(place, 'docker.sock'),
  ]);
}

/** The file of this name in a folder and in each that lies in it. */
function below(folder: string, name: string): string[] {
  return [join(folder, name), ...entriesOf(folder).map((entry) => join(folder, entry, name))];
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/**
 * Who listens at these sockets, each once, in this order, those that answer first. A socket that a dead engine left is
 * passed over; where only one is alive it is not asked who it is, and `says` is null.
 */
export async function listeningAt(paths: readonly string[]): Promise<Listening[]> {
  const there = withoutLinks(paths);
  const alive = await Promise.all(there.map(async (path) => ((await isAlive(path)) ? [path] : [])));
  const listening = alive.flat();
  if (listening.length < 2) return listening.map((path) => ({ path, says: null }));
  const told = await Promise.all(listening.map(async (path) => ({ path, says: await selfOf(path) })));
  return [...told.filter(({ says }) => says !== null), ...told.filter(({ says }) => says === null)];
}

/** Those that are there, each socket once: a link leads to that of another engine. */
function withoutLinks(paths: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of paths) {
    try {
      const socket = realpathSync(path);
      if (!found.has(socket)) found.set(socket, path);
    } catch {
      // Not there.
    }
  }
  return [...found.values()];
}

/** Whether somebody listens at a socket; one that only refuses us for our rights is alive, too. */
export function isAlive(path: string): Promise<boolean> {
  if (!existsSync(path)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
  });
}

/** Its name and version; null where what answers, if anything does, is no engine. */
function selfOf(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asking = request({ socketPath: path, path: '/version', headers: { host: 'docker' } });
    const timer = setTimeout(() => asking.destroy(new Error('too late')), ANSWER_WITHIN_MS);
    const end = (says: string | null) => {
      clearTimeout(timer);
      asking.destroy();
      resolve(says);
    };
    asking.on('error', () => end(null));
    asking.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.length > MOST_OF_ANSWER) end(null);
      });
      answer.on('end', () => end(answer.statusCode === 200 ? nameIn(text) : null));
      answer.on('error', () => end(null));
    });
    asking.end();
  });
}

function nameIn(text: string): string | null {
  try {
    const { ApiVersion: api, Version: version, Components: components } = JSON.parse(text);
    if (typeof api !== 'string' || typeof version !== 'string') return null;
    const [first] = Array.isArray(components) ? components : [];
    const name = /^[\w .-]{1,40}$/.test(first?.Name) ? first.Name : 'Engine';
    return `${name} ${version}`.slice(0, 80);
  } catch {
    return null;
  }
}
