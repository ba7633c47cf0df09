/** What a machine sees of a board from where it is: does it answer, what time is it there, how fast is the way. */
import { closed, integer, matching } from '../../journal/shapes.ts';
import { messageOf } from '../../trouble.ts';
import { plainGet } from './plain-get.ts';

/** `answers` false: `why` says what came instead. */
export type Reached =
  | { answers: true; workshop: string; pglab: string; clockMs: number; tookMs: number }
  | { answers: false; why: string; isOther: boolean };

const WITHIN_MS = 4_000;
const LONGEST_HELLO = 4_096;
/** Enough of the kit to tell how fast it comes. */
const MEASURED_BYTES = 8 * 2 ** 20;
const MEASURED_MS = 2_000;

const short = matching(/^[^\p{C}]{1,100}$/u);
const isHello = closed({
  ...{ pglab: short, protocol: integer(1, 999), workshop: short, lab: short, board: short },
  ...{ epoch: integer(1, 1e6), time: matching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
});

/** `address`: `HOST:PORT`. Whatever else answers there, such as a captive portal, is told from a board. */
export async function reached(address: string): Promise<Reached> {
  const began = Date.now();
  try {
    const { status, text } = await got(address, '/hello', LONGEST_HELLO);
    const ended = Date.now();
    const hello = status === 200 ? parsed(text.toString('utf8')) : null;
    if (hello === null) return { answers: false, why: `HTTP ${status}`, isOther: true };
    const clockMs = Date.parse(hello.time) - (began + ended) / 2;
    return { answers: true, workshop: hello.workshop, pglab: hello.pglab, clockMs, tookMs: ended - began };
  } catch (error) {
    const isLate = error instanceof Error && /^(?:Abort|Timeout)Error$/.test(error.name);
    const why = isLate ? `> ${WITHIN_MS / 1_000} s` : messageOf(error);
    return { answers: false, why, isOther: false };
  }
}

/** Megabits a second of the board's kit to here; null: it has none. */
export async function bandwidth(address: string): Promise<number | null> {
  const signal = AbortSignal.timeout(MEASURED_MS);
  const began = performance.now();
  let bytes = 0;
  try {
    const response = await plainGet(address, '/pglab.tgz', { signal });
    if (response.statusCode !== 200) return null;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes >= MEASURED_BYTES) break;
    }
  } catch {
    // Time is up: what came until then counts.
  }
  return bytes === 0 ? null : (bytes * 8) / 1_000 / (performance.now() - began);
}

async function got(address: string, path: string, most: number): Promise<{ status: number; text: Buffer }> {
  const response = await plainGet(address, path, { signal: AbortSignal.timeout(WITHIN_MS) });
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) break;
    parts.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts) };
}

function parsed(text: string): { time: string; workshop: string; pglab: string } | null {
  try {
    const hello = JSON.parse(text);
    return isHello(hello) ? hello : null;
  } catch {
    return null;
  }
}
