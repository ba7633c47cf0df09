/**
 * One writer at a time. The lock is a symbolic link that leads nowhere: made in one step, seen whole or not
 * at all, and so short that it needs no room on a full disk. It names its holder by process id, start time and
 * the place where that id counts: it outlives no process. A holder elsewhere touches it, and so shows that it lives.
 */
import { lstatSync, lutimesSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { makeFolder, readOwn } from './own-files.ts';
import { statOf } from './running-processes.ts';
import { Cancelled, homeTrouble, Trouble } from './trouble.ts';

/** A link of up to 59 bytes lies in the inode itself (ext4). */
const LONGEST = 59;
const TRIES = 200;
const PAUSE_MS = 5;
const LOOK_EVERY_MS = 200;

/** A holder elsewhere, whose process we cannot see, says at this beat that it lives; it is dead when it stopped. */
const BEAT_MS = 2_000;
const DEAD_AFTER_MS = 20_000;

interface Holder {
  pid: number;
  /** The kernel's start time of that process; empty where the system does not tell. */
  started: string;
  /** Where that process id means that process: see `placeOfPids`. Empty: of an earlier version, here. */
  place: string;
  command: string;
}

/** To as many bytes, and no character in two. */
function cut(text: string): string {
  return Buffer.from(text)
    .subarray(0, LONGEST)
    .toString()
    .replace(/\ufffd{1,3}$/, '');
}

export interface Lock {
  release(): void;
  /** Whether nobody has taken it from us: somebody may have cleared it by hand. */
  isHeld(): boolean;
}

/** Takes the lock of a folder, which `name` is said to be. */
export function takeLock(folder: string, name: string): Lock {
  const file = join(folder, 'lock');
  const command = `pglab ${process.argv.slice(2).join(' ')}`;
  const mine = cut(`${process.pid} ${startTimeOf(process.pid)} @${placeOfPids()} ${command}`);
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      makeFolder(folder);
    } catch (cause) {
      throw homeTrouble(folder, cause);
    }
    if (isMade(file, mine)) {
      const beat = setInterval(() => touch(file, mine), BEAT_MS).unref();
      return {
        release() {
          clearInterval(beat);
          if (read(file) === mine) rmSync(file, { force: true });
        },
        isHeld: () => read(file) === mine || isTakenAgain(file, mine),
      };
    }
    const found = read(file);
    const holder = found === null ? null : holderOf(found);
    if (holder && isAlive(holder, file)) {
      const values = { run: name, pid: holder.pid, command: holder.command };
      throw new Trouble(isStopped(holder) ? 'run-stopped' : 'run-locked', values);
    }
    if (found !== null) clearDead(file, found, mine);
  }
  throw new Trouble('run-locked', { run: name, pid: '?', command: 'pglab' });
}

/** Whether this says that somebody else has the lock, at work or stopped. */
export function isHeldTrouble(error: unknown): error is Trouble {
  return error instanceof Trouble && ['run-locked', 'run-stopped'].includes(error.code);
}

/** Whether a process that lives, and is not this one, has taken this folder. */
export function isHeldByAnother(folder: string): boolean {
  const file = join(folder, 'lock');
  const found = read(file);
  const holder = found === null ? null : holderOf(found);
  return holder !== null && holder.pid !== process.pid && isAlive(holder, file);
}

/** Takes the lock as soon as nobody else has it: for what one does for all, such as bringing up an engine. */
export async function waitForLock(folder: string, name: string, signal?: AbortSignal): Promise<Lock> {
  for (;;) {
    try {
      return takeLock(folder, name);
    } catch (error) {
      if (!isHeldTrouble(error)) throw error;
    }
    await delay(LOOK_EVERY_MS);
    if (signal?.aborted) throw new Cancelled();
  }
}

/** Takes a lock again that somebody cleared and nobody took. Where its folder is gone, the next write says so. */
function isTakenAgain(file: string, mine: string): boolean {
  try {
    return isMade(file, mine);
  } catch {
    return true;
  }
}

/** Whether the link could be made; false where there is one. */
function isMade(file: string, mine: string): boolean {
  try {
    symlinkSync(mine, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw homeTrouble(file, cause);
  }
}

/**
 * Of several that find the same dead holder one clears it away, and looks again before it does: another may
 * have taken its place meanwhile.
 */
function clearDead(file: string, dead: string, mine: string): void {
  const guard = `${file}.clearing`;
  if (!isMade(guard, mine)) {
    const other = read(guard);
    const holder = other === null ? null : holderOf(other);
    if (other !== null && !(holder && isAlive(holder, guard))) rmSync(guard, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    return;
  }
  try {
    if (read(file) === dead) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** The text of the lock, which is a link, or of a file that somebody put in its place; null where there is none. */
function read(file: string): string | null {
  // A pipe in its place would be waited for.
  for (const how of [() => readlinkSync(file), () => readOwn(file).toString()]) {
    try {
      return how();
    } catch {}
  }
  return null;
}

/** Null for what names no process: 0 is our own group, and no id has more digits. */
function holderOf(said: string): Holder | null {
  const [, pid, started = '', place = '', command = ''] =
    /^([1-9]\d{0,8}) (\d*) (?:@(\w*) )?(.*)$/s.exec(said) ?? [];
  return pid === undefined ? null : { pid: Number(pid), started, place, command };
}

/** Whether the holder of this lock lives. In another container, or on another machine, its beat alone tells. */
function isAlive({ pid, started, place }: Holder, file: string): boolean {
  if (place !== '' && place !== placeOfPids()) return Date.now() - touchedAt(file) < DEAD_AFTER_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // A zombie holds nothing any more, however long nobody reaps it.
  if (stateOf(pid) === 'Z') return false;
  return started === '' || startTimeOf(pid) === started;
}

/** Whether it was stopped in its terminal, by Ctrl-Z: it goes on when it is told to, and not before. */
function isStopped({ pid, place }: Holder): boolean {
  return (place === '' || place === placeOfPids()) && stateOf(pid) === 'T';
}

/** The boot of this machine and the pid namespace, in 8 hex digits: elsewhere our process id is another's. */
function placeOfPids(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return crc32(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .toString(16)
      .padStart(8, '0');
  } catch {
    return '';
  }
}

function touch(file: string, mine: string): void {
  if (read(file) !== mine) return;
  const now = new Date();
  try {
    lutimesSync(file, now, now);
  } catch {
    // Gone in this moment; the next write says so.
  }
}

/** Milliseconds since the epoch. */
function touchedAt(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stateOf(pid: number): string {
  return statOf(pid)[0] ?? '';
}

/** When a process started: field 22 of /proc/PID/stat, and empty where there is none. */
export function startTimeOf(pid: number): string {
  return statOf(pid)[19] ?? '';
}
