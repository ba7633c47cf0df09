/** A container's log, of which no more is read than is needed: somebody's may have gigabytes. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { spokenIn } from './frames.ts';
import { stamp } from './history.ts';
import type { LogPart } from './said.ts';

/** Characters of the first words: what an image says of its set-up before it does anything. */
const HEAD = 64_000;
/** Characters of each of both ends, where a log is too long to be read whole. */
const END = 500_000;
/** Entries of a long log's end: Docker cuts each at 16 KB, so that they are 8 MB at most. */
const LAST_ENTRIES = 500;
/** Entries from before that a followed log begins with: enough to learn that a server was ready already. */
const FOLLOWED_ENTRIES = 200;

interface LogOptions {
  follow?: boolean;
  /** How many entries from the end. Default: all. */
  tail?: number;
  /** Seconds since the epoch. */
  since?: string;
}

/** As `Engine.logs`; `open` asks the engine, and gives null where there is no such container. */
export async function readLog(
  open: (options: LogOptions) => Promise<Readable | null>,
  part: LogPart = {},
): Promise<string> {
  const from = part.since === undefined ? {} : { since: stamp(part.since) };
  const isHead = part.only === 'head';
  const first = await textOf(await open(from), isHead ? HEAD : 2 * END);
  if (isHead || first.isWhole) return first.text;
  const last = await textOf(await open({ ...from, tail: LAST_ENTRIES }), Infinity);
  return `${first.text.slice(0, END)}\n⋮\n${last.text.slice(-END)}`;
}

/** The first so many characters. */
async function textOf(raw: Readable | null, most: number): Promise<{ text: string; isWhole: boolean }> {
  let text = '';
  if (raw === null) return { text, isWhole: true };
  for await (const said of spokenIn(raw)) {
    text += said.text;
    if (text.length > most) return { text: text.slice(0, most), isWhole: false };
  }
  return { text, isWhole: true };
}

/** The log of a container as a stream; dockerode would read one that is not followed to its end, into memory. */
export function openLog(docker: Docker, id: string, options: LogOptions): Promise<Readable> {
  const asked = options.follow ? { tail: FOLLOWED_ENTRIES, ...options } : options;
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        isStream: true,
        options: { stdout: true, stderr: true, ...asked },
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      },
      (error, stream) => (error ? reject(error) : resolve(stream as Readable)),
    );
  });
}
