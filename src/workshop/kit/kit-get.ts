/**
 * A kit from a board, or from a folder such as a stick, into a folder of this machine. What is there is not fetched again, what
 * was cut off goes on from there, and nothing counts before its SHA-256 is that of the list.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder, openOwn } from '../../own-files.ts';
import { homeTrouble, messageOf, Trouble } from '../../trouble.ts';
import { type Held, type Kit, kitDigest, kitIn, LONGEST_LIST, requireKit, writeKit } from './kit-list.ts';
import { wrongWith } from './kit-verify.ts';
import { plainGet } from './plain-get.ts';

export interface KitGetting {
  /** `HOST:PORT` of a board; null: from `folder`. */
  from: { board: string } | { folder: string };
  to: string;
  /** What the list's SHA-256 must be; null: nobody told. */
  sha256: string | null;
  signal: AbortSignal;
}

export type GetStep =
  | { is: 'list'; kit: Kit; isPromised: boolean }
  | { is: 'kept' | 'got'; file: Held }
  | { is: 'waiting'; file: Held; place: number }
  | { is: 'bytes'; file: Held; done: number };

/** Trouble `kit-wrong`, `kit-other`, `kit-unreachable`; the folder's kit is in its list once all of it is there. */
export async function* getKit({ from, to, sha256, signal }: KitGetting): AsyncGenerator<GetStep, Kit> {
  const kit = 'board' in from ? await listOf(from.board, signal) : requireKit(from.folder);
  const digest = kitDigest(kit);
  if (sha256 !== null && digest !== sha256) throw new Trouble('kit-other', { digest, promised: sha256 });
  yield { is: 'list', kit, isPromised: sha256 !== null };
  makeKitFolder(to);
  for (const file of kit.files) {
    if ((await wrongWith(to, file)) === null) {
      yield { is: 'kept', file };
      continue;
    }
    if ('board' in from) yield* new Fetching(from.board, to, file, signal).all();
    else copied(from.folder, to, file);
    await placed(to, file);
    yield { is: 'got', file };
  }
  writeKit(to, kit);
  return kit;
}

function makeKitFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw homeTrouble(folder, cause);
  }
}

async function listOf(board: string, signal: AbortSignal): Promise<Kit> {
  const unreachable = (why: string, cause?: unknown) =>
    new Trouble('kit-unreachable', { board, why }, { cause });
  const response = await plainGet(board, '/kit/kit.json', { signal }).catch((cause) => {
    throw unreachable(messageOf(cause), cause);
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw unreachable(`HTTP ${response.statusCode}`);
  }
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST_LIST) throw new Trouble('kit-unreadable', { folder: board });
  }
  const kit = kitIn(text);
  if (kit === null) throw new Trouble('kit-unreadable', { folder: board });
  return kit;
}

function partOf(folder: string, { name }: Held): string {
  return join(folder, `${name}.part`);
}

function copied(from: string, to: string, file: Held): void {
  const source = join(from, file.name);
  try {
    if (!lstatSync(source).isFile()) throw new Error('no file');
    rmSync(partOf(to, file), { force: true });
    copyFileSync(source, partOf(to, file), constants.COPYFILE_EXCL);
  } catch (cause) {
    throw new Trouble('kit-wrong', { folder: from, files: `${file.name} (${messageOf(cause)})` }, { cause });
  }
}

/** Takes the part to its place; what is not what was promised goes. */
async function placed(folder: string, file: Held): Promise<void> {
  const part = partOf(folder, file);
  const wrong = await wrongWith(folder, { ...file, name: `${file.name}.part` });
  if (wrong) {
    rmSync(part, { force: true });
    throw new Trouble('kit-wrong', { folder, files: file.name });
  }
  renameSync(part, join(folder, file.name));
}

/** So many tries in a row that bring not one byte. */
const MOST_VAIN = 8;
const RETRY_MOST_MS = 5_000;
const WAIT_MS = 1_000;

class Fetching {
  readonly #board: string;
  readonly #file: Held;
  readonly #part: string;
  readonly #signal: AbortSignal;
  readonly #ticket = randomBytes(8).toString('hex');

  constructor(board: string, folder: string, file: Held, signal: AbortSignal) {
    this.#board = board;
    this.#file = file;
    this.#part = partOf(folder, file);
    this.#signal = signal;
  }

  async *all(): AsyncGenerator<GetStep> {
    const descriptor = openOwn(this.#part, constants.O_RDWR | constants.O_CREAT);
    try {
      for (let vain = 0; ; ) {
        const before = fstatSync(descriptor).size;
        if (before === this.#file.bytes) return;
        try {
          yield* this.#more(descriptor);
          vain = 0;
        } catch (error) {
          vain = fstatSync(descriptor).size > before ? 0 : vain + 1;
          await this.#beforeNext(vain, error);
        }
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** Waits after `vain` tries that brought nothing; throws where another one would not help. */
  async #beforeNext(vain: number, error: unknown): Promise<void> {
    if (this.#signal.aborted || error instanceof Trouble) throw error;
    const values = { board: this.#board, why: messageOf(error) };
    if (vain >= MOST_VAIN) throw new Trouble('kit-unreachable', values, { cause: error });
    // Thirty that were cut off at once must not come back at once.
    const most = Math.min(RETRY_MOST_MS, 250 * 2 ** vain);
    await delay(Math.random() * most, undefined, { signal: this.#signal });
  }

  /** What one connection brings; nothing where others come first. */
  async *#more(descriptor: number): AsyncGenerator<GetStep> {
    const file = this.#file;
    let at = fstatSync(descriptor).size;
    // Longer than it can be: it is of another kit.
    if (at > file.bytes) at = cutTo(descriptor, 0);
    const response = await this.#asked(at);
    const place = Number(response.headers['pglab-place']);
    if (response.statusCode === 503 && Number.isInteger(place)) {
      response.destroy();
      yield { is: 'waiting', file, place };
      await delay(WAIT_MS, undefined, { signal: this.#signal });
      return;
    }
    if (this.#isAnew(response, at)) at = cutTo(descriptor, 0);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (at + chunk.length > file.bytes)
        throw new Trouble('kit-wrong', { folder: this.#board, files: file.name });
      writeAll(descriptor, chunk, at);
      at += chunk.length;
      yield { is: 'bytes', file, done: at };
    }
  }

  #asked(at: number): Promise<IncomingMessage> {
    const { name, sha256 } = this.#file;
    const range = at > 0 ? { range: `bytes=${at}-`, 'if-range': `"${sha256}"` } : {};
    const path = `/kit/${name}?ticket=${this.#ticket}`;
    return plainGet(this.#board, path, { headers: range, signal: this.#signal });
  }

  /** Whether all of it comes, and not what was asked for alone. */
  #isAnew({ statusCode, headers }: IncomingMessage, at: number): boolean {
    if (statusCode === 200) return true;
    if (statusCode === 206 && headers['content-range']?.startsWith(`bytes ${at}-`)) return false;
    throw new Error(`HTTP ${statusCode}`);
  }
}

function cutTo(descriptor: number, size: number): number {
  ftruncateSync(descriptor, size);
  return size;
}

function writeAll(descriptor: number, chunk: Buffer, at: number): void {
  for (let done = 0; done < chunk.length; )
    done += writeSync(descriptor, chunk, done, chunk.length - done, at + done);
}
