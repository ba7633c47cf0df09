/** A run belongs to the lab it was begun in: its steps, its current run, its reset are that lab's own. */
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { Standing } from './standing.ts';

type Begun = Pick<Standing, 'begun'>;

/** The lab that a run was begun in; null where its journal does not tell. */
export function labOf({ begun }: Begun): string | null {
  return begun?.lab ?? null;
}

/** Trouble `lab-differs` where a run was begun in another lab. */
export function requireSameLab(run: string, lab: string, standing: Begun): void {
  const was = labOf(standing);
  if (was !== null && was !== lab) throw new Trouble('lab-differs', { run, was, is: lab });
}

/** A note where the lab's files are not what they were when the run began; null where they are. */
export function labChange(
  { begun }: Begun,
  fingerprint: string,
): { note: 'lab-changed'; values: Values } | null {
  // 0.2.0 wrote its version here.
  if (begun === null || !/^[0-9a-f]{12}$/.test(begun.content)) return null;
  if (begun.content === fingerprint) return null;
  return { note: 'lab-changed', values: { lab: begun.lab, was: begun.content, is: fingerprint } };
}
