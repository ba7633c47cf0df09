/** What is said of a journal that was damaged. */
import type { NoteKey } from '../content-keys.ts';
import type { Values } from '../values.ts';
import type { Standing } from './standing.ts';

/** What is to be said of a journal that was damaged; `note` is a key of the notes. */
export function damageOf(
  steps: readonly string[],
  {
    standing,
    unreadable,
    foreign = 0,
    old = 0,
  }: { standing: Standing; unreadable: number; foreign?: number; old?: number },
): { note: NoteKey; values: Values }[] {
  const doubted = steps.filter((id) => standing.step(id).inDoubt);
  const told: { note: NoteKey; values: Values }[] = [];
  if (unreadable > 0) told.push({ note: 'journal-damaged', values: { count: unreadable } });
  if (foreign > 0) told.push({ note: 'journal-newer', values: { count: foreign } });
  if (old > 0) told.push({ note: 'journal-old', values: { count: old } });
  if (doubted.length > 0) told.push({ note: 'journal-gap', values: { steps: doubted.join(', ') } });
  return told;
}
