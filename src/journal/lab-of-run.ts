/** A run belongs to the lab it was begun in: its steps, its current run, its reset are that lab's own. */
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { JournalLine } from './events.ts';

/** The lab that a run was begun in; null where its journal does not tell. */
export function labOf(events: readonly JournalLine[]): string | null {
  const begun = events.find((event) => event.type === 'run-started');
  return begun?.type === 'run-started' ? begun.lab : null;
}

/** Trouble `lab-differs` where a run was begun in another lab. */
export function requireSameLab(run: string, lab: string, events: readonly JournalLine[]): void {
  const was = labOf(events);
  if (was !== null && was !== lab) throw new Trouble('lab-differs', { run, was, is: lab });
}

/** A note where the lab's files are not what they were when the run began; null where they are. */
export function labChange(
  events: readonly JournalLine[],
  fingerprint: string,
): { note: 'lab-changed'; values: Values } | null {
  const begun = events.find((event) => event.type === 'run-started');
  // 0.2.0 wrote its version here.
  if (begun?.type !== 'run-started' || !/^[0-9a-f]{12}$/.test(begun.content)) return null;
  if (begun.content === fingerprint) return null;
  return { note: 'lab-changed', values: { lab: begun.lab, was: begun.content, is: fingerprint } };
}
