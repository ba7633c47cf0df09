/**
 * The built-in engine: a dockerd of our own from the OS's packages, private to one PGLAB_HOME, for a
 * bare machine. It is never started where another one runs (two engines in one network namespace
 * break each other's port rules), and never left behind as a service.
 */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitForLock } from '../lock.ts';
import { makeFolder } from '../own-files.ts';
import { installPackages } from '../packages.ts';
import { processIds } from '../running-processes.ts';
import { hasTool, startDaemon } from '../shell.ts';
import { homeTrouble, Trouble } from '../trouble.ts';
import { type BuiltIn, builtIn, MACHINE, RECORDS } from './built-in-folders.ts';
import { rememberNetwork } from './host-network.ts';
import { commandLine, isAlive, networkOf } from './processes.ts';
import { clearLeft, forgetDead, leftBy } from './remains.ts';

const UP_WITHIN_MS = 120_000;
const DOWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const PING_WITHIN_MS = 5_000;

/** The process id of our own engine, or null when it is down. */
export function builtInPid(engine: BuiltIn): number | null {
  try {
    const pid = Number(readFileSync(engine.pidFile, 'utf8'));
    return isDockerd(pid) && commandLine(pid).split('\0').includes(engine.data) ? pid : null;
  } catch {
    return null;
  }
}

/** Engines that run in our network namespace, ours included. */
function runningEngines(): number[] {
  const namespace = networkOf('self');
  return processIds()
    .map(Number)
    .filter((pid) => isDockerd(pid) && networkOf(String(pid)) === namespace);
}

/** Whether an engine can be brought up here, and if not, which trouble says why. */
export function whyNotHere(engine: BuiltIn): Trouble | null {
  if (process.platform !== 'linux') return new Trouble('engine-install', { platform: process.platform });
  if (process.getuid?.() !== 0) return new Trouble('engine-not-root');
  const other = runningEngines().find((pid) => pid !== builtInPid(engine));
  if (other !== undefined) return new Trouble('engine-other-runs', { pid: other });
  if (!hasTool('dockerd') && !hasTool('apt-get')) return new Trouble('engine-install', { platform: 'linux' });
  return null;
}

/** Whether all is there that an engine needs: nothing would have to be installed first. */
export function isInstalled(): boolean {
  return ['dockerd', 'containerd', 'iptables', 'docker'].every((tool) => hasTool(tool));
}

/** Brings it up, installing it first where it is missing. `say` gets a line a stage. */
export async function bringUp(engine: BuiltIn, say: (line: string) => void): Promise<void> {
  // A second pglab that waited for the lock finds the engine up.
  await alone(engine, () => bringUpLocked(engine, say));
}

/**
 * One at a time on this machine, of whatever home: two engines must not come up beside each other, and
 * none while another is ending. What the system refuses is the home's trouble.
 */
async function alone<T>(engine: BuiltIn, work: () => Promise<T>): Promise<T> {
  const isMachines = process.platform === 'linux' && process.getuid?.() === 0;
  const lock = await waitForLock(isMachines ? MACHINE : dirname(engine.data), 'engine');
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EPERM' && !isMachines) throw new Trouble('engine-not-root');
    throw /^(ENOSPC|EDQUOT|EROFS|EACCES|EPERM)$/.test(code) ? homeTrouble(engine.data, error) : error;
  } finally {
    lock.release();
  }
}

async function bringUpLocked(engine: BuiltIn, say: (line: string) => void): Promise<void> {
  makeFolder(engine.data);
  if (builtInPid(engine) !== null) return waitUntilUp(engine, null);
  const trouble = whyNotHere(engine);
  if (trouble) throw trouble;
  const missing = [
    ...(hasTool('dockerd') && hasTool('containerd') ? [] : ['docker.io']),
    ...(hasTool('iptables') ? [] : ['iptables']),
  ];
  if (missing.length > 0) await installPackages(missing, say, engine.home);
  // From Debian 13 on the client is a package of its own.
  if (!hasTool('docker')) await installPackages(['docker-cli'], say, engine.home);
  await clearKilled(engine);
  await mkdir(engine.runtime, { recursive: true, mode: 0o711 });
  await rm(engine.pidFile, { force: true });
  await forgetDead(join(engine.runtime, 'exec', 'containerd', 'containerd.pid'));
  // Settings of the system's engine are not ours.
  const settings = join(engine.runtime, 'daemon.json');
  await writeFile(settings, '{}\n');
  makeFolder(RECORDS);
  await writeFile(engine.record, engine.home);
  await rememberNetwork(engine.network);
  say(`dockerd --data-root ${engine.data}`);
  const log = openSync(engine.log, 'w', 0o600);
  const child = startDaemon(
    [
      'dockerd',
      ...['--config-file', settings],
      ...['--data-root', engine.data],
      ...['--exec-root', join(engine.runtime, 'exec')],
      ...['--pidfile', engine.pidFile],
      ...['--host', `unix://${engine.socket}`],
    ],
    log,
  );
  closeSync(log);
  await waitUntilUp(engine, child);
}

/**
 * Engines of other homes that were killed: the networks of their containers would live on beside ours, and
 * answer at addresses that ours will have. What cannot be cleared now is tried again at the next start.
 */
async function clearKilled(own: BuiltIn): Promise<void> {
  for (const file of await readdir(RECORDS).catch(() => [])) {
    const record = join(RECORDS, file);
    const other = builtIn(await readFile(record, 'utf8'));
    // A half-written record does not name the home that it is of.
    if (other.record !== record) await rm(record, { force: true });
    else if (record !== own.record && !(await isUp(other))) await clearLeft(other).catch(() => undefined);
  }
}

/** Whether this engine runs, be its process hidden from us or not. */
async function isUp(engine: BuiltIn): Promise<boolean> {
  return builtInPid(engine) !== null || (await answers(engine.socket));
}

/**
 * Ends the engine and waits until it is gone. Null where there was nothing to end; else what of this machine's
 * network could not be put back as it was before.
 */
export async function bringDown(engine: BuiltIn): Promise<string[] | null> {
  const isThere =
    builtInPid(engine) !== null || existsSync(engine.record) || (await leftBy(engine)).length > 0;
  if (!isThere) return null;
  return alone(engine, () => bringDownLocked(engine));
}

async function bringDownLocked(engine: BuiltIn): Promise<string[]> {
  const pid = builtInPid(engine);
  if (pid !== null) process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + DOWN_WITHIN_MS;
  while (pid !== null && isDockerd(pid)) {
    if (performance.now() > deadline) throw new Trouble('engine-stays', { pid });
    await delay(LOOK_EVERY_MS);
  }
  return clearLeft(engine);
}

/** Up means that the API answers a ping; until then only its log could tell, so it is asked. */
async function waitUntilUp(engine: BuiltIn, child: { ended: () => boolean } | null): Promise<void> {
  const deadline = performance.now() + UP_WITHIN_MS;
  while (!(existsSync(engine.socket) && (await answers(engine.socket)))) {
    if (child?.ended() || performance.now() > deadline) {
      const log = await readFile(engine.log, 'utf8').catch(() => '');
      throw new Trouble('engine-wont-start', { log: engine.log, why: lastErrors(log) });
    }
    await delay(LOOK_EVERY_MS);
  }
}

async function answers(socket: string): Promise<boolean> {
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/_ping', timeout: PING_WITHIN_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false)).end();
  });
}

function lastErrors(log: string): string {
  const lines = log.trim().split('\n');
  const bad = lines.filter((line) => /level=(error|fatal)|failed to/.test(line));
  return (bad.length > 0 ? bad : lines).slice(-3).join('\n');
}

function isDockerd(pid: number): boolean {
  return isAlive(pid, 'dockerd');
}
