/** What a board is to be told next of a journal, and whether that journal is still the one that the board has. */
import { MOST, type Range, type Through } from '../protocol.ts';
import type { TailLine } from './journal-tail.ts';

/** Characters of a range's events: far below what a board takes, whatever is around them. */
const MOST_CHARACTERS = MOST.bodyBytes / 4;

export const NOTHING: Through = { seq: 0, mark: null, fork: 0 };

/** A range without what only the courier knows. */
export type Told = Omit<Range, 'more' | 'courier'>;

/**
 * The `Through` to build upon. Where the line that the board had last is another one now, or is gone, the journal was cut
 * back: it is told anew, as the next fork. `lines`: from before the board's last one on.
 */
export function builtUpon(lines: readonly TailLine[], through: Through): Through {
  if (through.seq === 0) return through;
  const isThere = lines.some(({ seq, mark }) => seq === through.seq && mark === through.mark);
  return isThere ? through : { ...NOTHING, fork: through.fork + 1 };
}

/**
 * The next lines after `through`, as many as one range may cover; null: there are none, or so many are missing that no range
 * could tell. `upTo`: what comes later is not this seat's.
 */
export function nextRange(
  lines: readonly TailLine[],
  through: Through,
  upTo = Number.POSITIVE_INFINITY,
): Told | null {
  const lean: Range['lean'] = [];
  const lost: number[] = [];
  let last: TailLine | null = null;
  let characters = 0;
  for (const line of lines) {
    if (line.seq <= through.seq) continue;
    characters += line.lean === null ? 0 : JSON.stringify(line.lean).length;
    const isTooFar = line.seq > upTo || line.seq - through.seq > MOST.rangeLines;
    if (isTooFar || (last !== null && characters > MOST_CHARACTERS)) break;
    for (let seq = (last?.seq ?? through.seq) + 1; seq < line.seq; seq += 1) lost.push(seq);
    if (line.lean !== null) lean.push(line.lean);
    last = line;
  }
  if (last === null) return null;
  const { seq: after, mark: afterMark, fork } = through;
  return { after, afterMark, fork, to: last.seq, mark: last.mark, lost, lean };
}
