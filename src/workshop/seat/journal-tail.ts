/**
 * A journal as a courier reads it: line by line as it grows, with what of each line may leave. Nothing is kept of a line
 * but that, its seq and its checksum. A journal may be put away (renamed), cut back by a power cut, or damaged.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { parseLine } from '../../journal/line.ts';
import { openOwn } from '../../own-files.ts';
import { type LeanEvent, leanOf } from '../lean.ts';
import { isLean } from '../lean-check.ts';

export interface TailLine {
  seq: number;
  /** The line's checksum, 8 hex digits. */
  mark: string;
  lean: LeanEvent | null;
}

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
/** What is read goes through it: one for all, for what was read is copied before anybody else reads. */
const chunk = Buffer.allocUnsafeSlow(CHUNK);
/** What tells that the bytes before our place are still those that we read. */
const TAIL_BYTES = 24;
const MARK = /"sum":"([0-9a-f]{8})"\}$/;

export class JournalTail {
  file: string;
  readonly run: string;
  /** In order of seq; what a board has may have been dropped at the front. */
  lines: TailLine[] = [];
  /** The journal's own id; null before its first line can be read. */
  id: string | null = null;
  #offset = 0;
  #tail: Buffer = Buffer.alloc(0);
  #size = -1;
  #lab = '';
  #last = 0;

  constructor(file: string, run: string) {
    this.file = file;
    this.run = run;
  }

  /** The seq of the last line. */
  get last(): number {
    return this.#last;
  }

  /** Whether it starts where the journal does: nothing was dropped. */
  isWhole = true;

  /** Reads what came since. Returns whether the journal is another one now: cut back, or written anew. */
  refresh(): boolean {
    const descriptor = openOwn(this.file, constants.O_RDONLY);
    try {
      const { size } = fstatSync(descriptor);
      if (size === this.#size) return false;
      const isCut = size < this.#offset || !this.#isSame(descriptor);
      if (isCut) this.#restart();
      this.#size = size;
      this.#readFrom(descriptor);
      return isCut;
    } finally {
      closeSync(descriptor);
    }
  }

  /** Reads all of it again, for a board that has less than was dropped. */
  reread(): void {
    this.#restart();
    this.refresh();
  }

  /** Lets go of the lines up to this one, which a board has; the last of them stays, for its checksum. */
  drop(seq: number): void {
    const from = this.lines.findLastIndex((line) => line.seq <= seq);
    if (from <= 0) return;
    this.lines = this.lines.slice(from);
    this.isWhole = false;
  }

  #restart(): void {
    this.lines = [];
    this.isWhole = true;
    this.#offset = 0;
    this.#tail = Buffer.alloc(0);
    this.#size = -1;
    this.#last = 0;
  }

  #isSame(descriptor: number): boolean {
    const there = Buffer.alloc(this.#tail.length);
    readSync(descriptor, there, 0, there.length, this.#offset - there.length);
    return there.equals(this.#tail);
  }

  #readFrom(descriptor: number): void {
    let rest: Buffer = Buffer.alloc(0);
    for (let at = this.#offset; ; ) {
      const read = readSync(descriptor, chunk, 0, CHUNK, at);
      if (read === 0) break;
      at += read;
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        this.#take(bytes.subarray(from, end));
        from = end + 1;
        this.#moveTo(at - bytes.length + from, bytes.subarray(0, from));
      }
      rest = Buffer.from(bytes.subarray(from));
    }
    // A writer that was killed may have left out the newline alone: the line counts, and the newline comes with the next.
    if (rest.length > 0 && parseLine(rest.toString()).is !== 'unreadable') {
      this.#take(rest);
      this.#moveTo(this.#offset + rest.length, rest);
    }
  }

  #moveTo(offset: number, before: Buffer): void {
    this.#offset = offset;
    this.#tail = Buffer.concat([this.#tail, before.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  }

  #take(bytes: Buffer): void {
    const text = bytes.toString();
    if (text.trim() === '') return;
    const parsed = parseLine(text);
    this.id ??= idOf(parsed.is === 'event' ? parsed.event : null, text);
    const mark = MARK.exec(text)?.[1];
    // What cannot be read has no seq: it is a gap, which is told as such.
    if (parsed.is === 'unreadable' || parsed.is === 'old' || mark === undefined || parsed.seq <= this.#last)
      return;
    let lean: LeanEvent | null = null;
    if (parsed.is === 'event') {
      if (parsed.event.type === 'run-started') this.#lab = parsed.event.lab;
      const told = leanOf(Object.assign(parsed.event, { run: this.run, lab: this.#lab }));
      lean = told !== null && isLean(told) ? told : null;
    }
    this.lines.push({ seq: parsed.seq, mark, lean });
    this.#last = parsed.seq;
  }
}

/** As its first line names it; of a journal by an earlier pglab, or one whose first line is damaged, by that line's hash. */
function idOf(first: { type: string; journal?: string } | null, text: string): string {
  const named = first?.type === 'run-started' ? (first.journal ?? '') : '';
  if (/^[0-9a-f]{12,64}$/.test(named)) return named;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
