/**
 * Everything that happens, as one stream. The runner yields events; `record` appends each to the journal
 * and yields the line; the terminal and the reports take lines, live or read back from the journal.
 */
import { LINES } from './line-check.ts';
import type { JournalEvent, LiveEvent } from './schema.ts';

export type { ChangeKey, JournalEvent, Judged, LiveEvent, PinnedImage } from './schema.ts';

export type LabEvent = JournalEvent | LiveEvent;

/** Here lines of the journal are missing or damaged. Never written: found when it is read. */
interface LinesLost {
  type: 'lines-lost';
}

/** What each line says beside its event. The disk repeats neither run nor lab. */
interface Stamp {
  v: number;
  /** Lines are ordered by it, never by the clock. */
  seq: number;
  /** RFC 3339. */
  at: string;
  participant: string;
  run: string;
  /** Empty where the line that named it is lost. */
  lab: string;
}

/** A line of the journal. */
export type JournalLine = (JournalEvent | LinesLost) & Stamp;

/** A line that tells of this: `Line<'made'>`. */
export type Line<T extends JournalLine['type']> = Extract<JournalLine, { type: T }>;

/** What a consumer takes: lines, and between them what only lives on the screen. */
export type StreamLine = JournalLine | LiveEvent;

/** Whether an event only lives on the screen, and is not journaled. */
export function isLive(event: LabEvent): event is LiveEvent {
  return !Object.hasOwn(LINES, event.type);
}
