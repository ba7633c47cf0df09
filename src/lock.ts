/** One writer at a time. The lock names its holder by process id and start time: it outlives no process. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Trouble } from './trouble.ts';

interface Holder {
  pid: number;
  /** The kernel's start time of that process; null where the system does not tell. */
  started: string | null;
  command: string;
}

/** Takes the lock of a folder, which `name` is said to be; the returned function gives it back. */
export function takeLock(folder: string, name: string): () => void {
  const file = join(folder, 'lock');
  const mine: Holder = {
    pid: process.pid,
    started: startTimeOf(process.pid),
    command: `pglab ${process.argv.slice(2).join(' ')}`,
  };
  // Twice: once to find a dead holder and clear it away, once to take its place.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      mkdirSync(folder, { recursive: true });
      // Written aside and linked: nobody ever sees half a lock.
      const aside = `${file}.${process.pid}`;
      writeFileSync(aside, JSON.stringify(mine));
      try {
        linkSync(aside, file);
      } finally {
        rmSync(aside, { force: true });
      }
      return () => rmSync(file, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new Trouble('home-unwritable', { home: folder, why: messageOf(cause) }, { cause });
      }
      const holder = read(file);
      if (holder && isAlive(holder)) {
        throw new Trouble('run-locked', { run: name, pid: holder.pid, command: holder.command });
      }
      clearAway(file);
    }
  }
  throw new Trouble('run-locked', { run: name, pid: '?', command: 'pglab' });
}

/** By renaming first, so that of two who find the same dead holder only one clears it. */
function clearAway(file: string): void {
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Somebody else was faster; the next attempt shows who has it now.
  }
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === null || startTimeOf(pid) === started;
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold spaces and brackets. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
