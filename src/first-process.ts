/** Whether the first process of a container is one of this very system. */
import { readFileSync } from 'node:fs';

/**
 * Whether this system has a process of this number that is process 1 of a namespace of its own. On another system than
 * the engine's the number is nobody's, or another process has it. False where /proc does not tell.
 */
export function isFirstProcess(pid: number): boolean {
  const [here = '', ...inside] = /^NSpid:\s(.*)$/m.exec(statusOf(pid))?.[1]?.trim().split(/\s+/) ?? [];
  return here === String(pid) && inside.at(-1) === '1';
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
