/** The processes of this machine, as Linux tells of them in /proc. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process may take to become another program (exec): on a busy machine it waits for its turn. */
const EXEC_WITHIN_MS = 200;
const EXEC_LOOK_EVERY_MS = 5;

/** Ids of all processes that we see, in no order that means anything. */
export function processIds(): string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
}

/** Sends a signal to all that a process has started, to what that has started in turn, and to the process last. */
export function signalAll(pid: number | undefined, signal: NodeJS.Signals): void {
  for (const each of pid === undefined ? [] : [...processesBelow(pid), pid]) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

function processesBelow(pid: number): number[] {
  const parents = processIds().map((id) => [id, statOf(id)[1]] as const);
  const found = [String(pid)];
  // It grows while it is gone through.
  for (const each of found) found.push(...parents.flatMap(([id, parent]) => (parent === each ? [id] : [])));
  return found.slice(1).map(Number);
}

/** What proc(5) tells of a process from field 3 on: the name in field 2 may hold spaces and brackets. Empty: it is gone. */
export function statOf(pid: number | string): string[] {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/**
 * Our own user's processes, other than this one, whose command line has all of these words, or words that they
 * begin: `run=seat-1` is not found in `run=seat-10`, nor `/lab/engine` in `/srv/lab/engine`. Only where /proc
 * tells. What another user writes into a command line proves nothing about us. `programs`: only of these names.
 */
export async function processesWith(words: readonly string[], programs?: RegExp): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const own = processIds().filter((pid) => Number(pid) !== process.pid && isOurs(pid));
  const found: number[] = [];
  for (const pid of own) {
    const line = await commandLineOf(pid);
    if (line === '' || !words.every((word) => hasWord(line, word))) continue;
    if (programs === undefined || programs.test(readOr(`/proc/${pid}/comm`, '').trim()))
      found.push(Number(pid));
  }
  return found;
}

function hasWord(line: string, word: string): boolean {
  return line.split(word).some((rest, at, pieces) => {
    const before = pieces[at - 1];
    return before !== undefined && /^$|[\s'"]$/.test(before) && !/^[\w-]/.test(rest);
  });
}

/** proc(5): the folder of a process belongs to the user that it runs as. */
function isOurs(pid: string): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.geteuid?.();
}

/**
 * With a space after each argument. Empty for a moment while a process becomes another program (exec); for ever
 * where it runs none, or hides what it was called with.
 */
async function commandLineOf(pid: string): Promise<string> {
  for (const deadline = performance.now() + EXEC_WITHIN_MS; ; await delay(EXEC_LOOK_EVERY_MS)) {
    const line = readOr(`/proc/${pid}/cmdline`, '').replaceAll('\0', ' ');
    const isBecoming = line === '' && existsSync(`/proc/${pid}/exe`);
    if (!isBecoming || performance.now() > deadline) return line;
  }
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
