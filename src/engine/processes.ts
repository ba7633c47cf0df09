/** Processes of this machine as proc(5) tells of them: for the engine that we start and end. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Whether this process runs this program, by the 15 letters that the kernel keeps, and is no zombie. */
export function isAlive(pid: number, program: string): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program && !/\) Z /.test(state);
  } catch {
    return false;
  }
}

/** Whether a process sees the same files and the same processes as we do. */
export function isHere(pid: number): boolean {
  try {
    return ['mnt', 'pid'].every(
      (kind) => readlinkSync(`/proc/${pid}/ns/${kind}`) === readlinkSync(`/proc/self/ns/${kind}`),
    );
  } catch {
    return false;
  }
}

/** The children of all its threads: the kernel lists those of each apart. */
export function childrenOf(pid: number): number[] {
  return idsIn(() => readdirSync(`/proc/${pid}/task`)).flatMap((thread) =>
    idsIn(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ')),
  );
}

/** None where the process is gone. */
function idsIn(read: () => string[]): number[] {
  try {
    return read().filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

/** A process's network namespace; null where it is gone, or hidden from us. */
export function networkOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}
