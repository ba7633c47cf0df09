/**
 * How a seat of a workshop stands by its own journal, which lies beside its seat file: its hand, what it heard of the
 * board, and what it proved. Never stored: folded from the lines, as a run's standing is.
 */
import type { JournalLine, Line } from './events.ts';
import { readJournal } from './read.ts';

/** A word of the board that was heard, with when (RFC 3339, by this machine's clock). */
interface HeardWord {
  id: number;
  at: string;
}

export class SeatStanding {
  /** The journal's own id; null before its first line. */
  begun: Line<'run-started'> | null = null;
  /** The highest number of the board's words that was heard: what is newer is still to be heard. */
  heard = 0;
  /** What the instructor said last; null: nothing. */
  said: (HeardWord & { text: string }) | null = null;
  /** Where the room is, as was heard last. `step` null: everybody at their own pace. */
  pace: (HeardWord & { step: string | null }) | null = null;
  /** The hand, while it is up. `takenBy`: who comes; `isTaken`: somebody does. */
  hand: { at: string; text: string | null; isTaken: boolean; takenBy: string | null } | null = null;
  name: string | null = null;
  /** The newest wish for a reset, until a proof has answered it: a look that found something left is none. */
  resetWanted: (HeardWord & { epoch: number }) | null = null;
  /** The newest group that it heard of by a wish for a reset; 0: of none. */
  lastGroup = 0;
  /** The last fresh look after a reset. */
  proved: Line<'proved'> | null = null;
  /** Why the board hears this seat no more. */
  ended: { why: 'closing' | 'removed'; at: string } | null = null;

  take(line: JournalLine): void {
    const { at } = line;
    switch (line.type) {
      case 'run-started':
        this.begun ??= line;
        break;
      case 'hand':
        this.hand = line.up ? { at, text: line.text, isTaken: false, takenBy: null } : null;
        break;
      case 'proved':
        this.proved = line;
        if (isProof(line) && line.asked >= (this.resetWanted?.id ?? 0)) this.resetWanted = null;
        break;
      case 'said':
        this.said = { id: line.id, at, text: line.text };
        break;
      case 'pace':
        this.pace = { id: line.id, at, step: line.step };
        break;
      case 'renamed':
        this.name = line.name;
        break;
      case 'reset-wanted':
        this.resetWanted = { id: line.id, at, epoch: line.epoch };
        this.lastGroup = Math.max(this.lastGroup, line.epoch);
        break;
      case 'seat-ended':
        this.ended = { why: line.why, at };
        break;
      case 'hand-seen':
        if (line.state === 'done') this.hand = null;
        else if (this.hand !== null)
          this.hand = { ...this.hand, isTaken: line.state === 'taken', takenBy: line.by };
        break;
    }
    if ('id' in line && typeof line.id === 'number') this.heard = Math.max(this.heard, line.id);
  }
}

/** Whether somebody could look, and nothing was left. */
export function isProof({ trouble, left }: Pick<Line<'proved'>, 'trouble' | 'left'>): boolean {
  return trouble === null && Object.values(left).every((count) => count === 0);
}

/** Reads a seat's journal; one that is not there is a seat that nothing happened to. */
export function readSeatJournal(file: string): SeatStanding {
  const standing = new SeatStanding();
  for (const line of readJournal(file).events) standing.take(line);
  return standing;
}
