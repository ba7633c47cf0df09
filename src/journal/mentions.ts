/** Which of these ids a journal tells of as adopted: a search in its text first, since most tell of none of them. */
import { readOwn } from '../own-files.ts';
import { readJournal } from './read.ts';

/**
 * Of these containers those that another run has taken for its own. What only came near there may be anybody's
 * all the same. A journal that is gone, or not ours to read, tells of none.
 */
export function adoptedIn(file: string, ids: readonly string[]): string[] {
  try {
    const text = readOwn(file);
    if (!ids.some((id) => text.includes(id))) return [];
  } catch {
    return [];
  }
  const { tries } = readJournal(file).standing;
  return [...tries.values()].flatMap(({ line: { kind, id, near } }) =>
    kind === 'container' && !near && ids.includes(id) ? [id] : [],
  );
}
