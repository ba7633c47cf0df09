/**
 * Simulated couriers of the tests: each writes lines of its own journal to a board, as fast as it is answered, and keeps what
 * it was told to be stored. They go on while the board is killed and comes back.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Joined, Through } from '../src/workshop/protocol.ts';
import { type Line, lineOfSeat, lineToJoin, newNonce, rangeOf } from './seat-of-test.ts';

const LINES_A_RANGE = 5;
const RETRY_MS = 30;

export interface Writer {
  joined: Joined;
  journal: string;
  /** What the board said last that it has. */
  acknowledged: Through;
  /** Lines that it made, of which the board may have fewer. */
  made: number;
}

export class Writers {
  readonly all: Writer[] = [];
  readonly #lines: Line[] = [];
  #isStopped = false;
  #work: Promise<unknown> = Promise.resolve();

  /** Joins so many seats, one after another. */
  async join(port: number, code: string, workshop: string, count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      const door = await lineToJoin(port, code, workshop);
      const nonce = newNonce();
      const asked = { nonce, pglab: '0.2.0', name: null, seat: null, managed: false };
      const { status, body } = await door.say('POST', '/api/1/seats', asked);
      door.end();
      if (status !== 200) throw new Error(`join ${at}: ${status} ${JSON.stringify(body)}`);
      this.#lines.push(lineOfSeat(port, body, nonce));
      const acknowledged = { seq: 0, mark: null, fork: 0 };
      this.all.push({ joined: body, journal: `journal-${at}`, acknowledged, made: 0 });
    }
  }

  start(): void {
    this.#work = Promise.all(this.all.map((writer, at) => this.#write(writer, this.#lines[at] as Line)));
  }

  /** What was being sent is sent to its end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
    for (const line of this.#lines) line.end();
  }

  async #write(writer: Writer, line: Line): Promise<void> {
    const { joined, journal } = writer;
    const courier = joined.key.slice(0, 16);
    while (!this.#isStopped) {
      const next = rangeOf(journal, writer.acknowledged, writer.acknowledged.seq + LINES_A_RANGE, courier);
      writer.made = next.to;
      try {
        const { status, body } = await line.bring(journal, next);
        if (status === 200 || status === 409) writer.acknowledged = throughOf(body);
        else await delay(RETRY_MS);
      } catch {
        // The board is away: it is asked again how far it has come.
        await delay(RETRY_MS);
        const told = await line.through(journal).catch(() => null);
        if (told?.status === 200) writer.acknowledged = throughOf(told.body);
      }
    }
  }
}

function throughOf({ seq, mark, fork }: Through): Through {
  return { seq, mark, fork };
}

/**
 * The lines of each seat that a board's log holds, by the raw text of it: how often each is there. Shares nothing with the
 * board's own reading.
 */
function linesInLog(log: string): Map<number, Map<number, number>> {
  const found = new Map<number, Map<number, number>>();
  for (const line of log.split('\n')) {
    if (!line.includes('"type":"range"') || !/"sum":"[0-9a-f]{8}"\}$/.test(line)) continue;
    const { seat, lean } = JSON.parse(line);
    const seqs = found.get(seat) ?? new Map<number, number>();
    for (const { seq } of lean) seqs.set(seq, (seqs.get(seq) ?? 0) + 1);
    found.set(seat, seqs);
  }
  return found;
}

/** What is wrong with a log, a sentence each: lines that were acknowledged and are not there, or are there twice. */
export function wrongIn(log: string, writers: readonly Writer[], acknowledged: readonly number[]): string[] {
  const found = linesInLog(log);
  return writers.flatMap(({ joined: { seat } }, at) => {
    const seqs = found.get(seat) ?? new Map();
    const most = Math.max(0, ...seqs.keys());
    const missing = Array.from(
      { length: Math.max(most, acknowledged[at] ?? 0) },
      (_, line) => line + 1,
    ).filter((line) => !seqs.has(line));
    const twice = [...seqs].filter(([, times]) => times > 1).map(([line]) => line);
    return [
      ...(missing.length > 0 ? [`seat ${seat} lacks ${missing.join(' ')}`] : []),
      ...(twice.length > 0 ? [`seat ${seat} has twice ${twice.join(' ')}`] : []),
    ];
  });
}
