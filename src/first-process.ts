/** Whether the first process of a container is one of this very system. */
import { readFileSync } from 'node:fs';

/**
 * Whether a process of this number is here, and is process 1 to those it runs with. On another system than the
 * engine's the number is nobody's, or of something else. Only where /proc tells.
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
