/**
 * What a board keeps: one record each thing that happened in its workshop, in the order in which it was stored. All state is
 * a fold of them (`room/`), so that a board that was killed knows everything again once it has read them.
 */
import type { Range } from './protocol.ts';

/** `at`: RFC 3339, by the board's clock. `epoch`: the group that it belongs to, from 1. */
export type BoardRecord = { at: string; epoch: number } & (
  | { type: 'opened'; workshop: string; name: string; lab: string }
  /** A seat joined, for the first time in this group or (with another key) anew. */
  | { type: 'joined'; seat: number; name: string; nonce: string; managed: boolean; pglab: string }
  /** Lines of a seat's journal. A stream is (epoch, seat, journal, fork). */
  | ({ type: 'range'; seat: number; journal: string } & Range)
  | { type: 'said'; id: number; text: string }
  | { type: 'pace'; id: number; step: string | null }
  /** `by`: who of the instructors takes it, or has done it. */
  | { type: 'taken' | 'done'; id: number; seat: number; by: string | null }
  | { type: 'renamed'; id: number; seat: number; name: string }
  | { type: 'left'; seat: number; forgotten: boolean }
  | { type: 'removed'; id: number; seat: number }
  | { type: 'locked' | 'unlocked' }
  | { type: 'reset-wanted'; id: number; seats: number[] | 'all'; next: boolean }
  | { type: 'closed'; id: number }
);

/** What a board made of the first records of a store: read in their place, it is back sooner. */
export interface Kept {
  /** How many they are. */
  records: number;
  state: unknown;
}

/** Where records are kept. Both stores are held to the same tests. */
export interface Store {
  /** What was kept of the first records, if it fits what is stored; null else. */
  kept(): Kept | null;
  /**
   * All records so far, or those after what was kept, in order, many at a time; a torn tail, which nobody was told was
   * stored, is left out.
   */
  replay(after: Kept | null): AsyncIterable<readonly BoardRecord[]>;
  /** Calls `make` for what was made of all records so far, where it is time to keep that. What is kept may be lost. */
  keep(make: () => Kept): void;
  /**
   * Calls `decide` once all that others have appended was told to who follows, and appends what it returns. Resolves once
   * all of it is flushed to the disk (or committed): only then may anybody be told so. Never called twice at once.
   */
  append(decide: () => readonly BoardRecord[]): Promise<void>;
  /** Calls when others than this board have appended: a store that several boards share. Returns how to stop. */
  follow(take: (records: readonly BoardRecord[]) => void): () => void;
  close(): Promise<void>;
}
