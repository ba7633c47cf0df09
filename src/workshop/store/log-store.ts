/**
 * The store of one board: a file to which lines are appended, each with a checksum. What comes together goes in one write
 * and one flush, which is off the main thread, and only then is it told to be stored.
 */
import { closeSync, constants, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isHeldTrouble, type Lock, takeLock } from '../../lock.ts';
import { bytesOfOwn, makeOwnFolder, openOwn } from '../../own-files.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';
import type { BoardRecord, Kept, Store } from '../records.ts';
import { type Checkpoint, CheckpointFile, type Maker, sumOfFile } from './checkpoint.ts';
import { LONGEST_RECORD, lineOfRecord, recordOfLine } from './record-line.ts';

/** Records of a log that are in memory at one time while it is read. */
const READ_AT_ONCE = 500;
/** What is read again by a board that comes back, at most; to keep what was made of it takes some 50 ms. */
const KEEP_EVERY_BYTES = 4 * 1024 * 1024;

/**
 * Opens the log in a folder, which it makes. Trouble `workshop-two-boards` where another process has it. `maker`: who keeps beside it
 * what is made of it; by default nobody.
 *
 * @example const store = await openLogStore('/home/ada/.local/state/pglab/workshops/lab-3f2a');
 */
export async function openLogStore(folder: string, maker?: Maker): Promise<Store> {
  const file = join(folder, 'board.jsonl');
  let lock: Lock | null = null;
  try {
    makeOwnFolder(folder);
    lock = lockOf(folder);
    closeSync(openOwn(file, constants.O_RDWR | constants.O_CREAT));
    const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    flushFolder(folder);
    return new LogStore(file, handle, lock, maker ? new CheckpointFile(folder, maker) : null);
  } catch (cause) {
    lock?.release();
    throw homeTrouble(file, cause);
  }
}

function lockOf(folder: string): Lock {
  try {
    return takeLock(folder, folder);
  } catch (cause) {
    if (!isHeldTrouble(cause)) throw cause;
    throw new Trouble('workshop-two-boards', { pid: cause.values.pid ?? '?' }, { cause });
  }
}

/** The name of a new file is there after a power cut only when its folder was flushed. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  for (const each of [folder, join(folder, '..')]) {
    const descriptor = openSync(each, constants.O_RDONLY);
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

class LogStore implements Store {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #lock: Lock;
  /** Where the next line goes; null: not read yet. */
  #end: number | null = null;
  /** The checksum of all before it. */
  #sum = 0;
  readonly #checkpoints: CheckpointFile | null;
  /** How much of the log the last checkpoint stands for. */
  #keptEnd = 0;
  #keeping: Promise<void> | null = null;

  constructor(file: string, handle: FileHandle, lock: Lock, checkpoints: CheckpointFile | null) {
    this.#file = file;
    this.#handle = handle;
    this.#lock = lock;
    this.#checkpoints = checkpoints;
  }

  kept(): Kept | null {
    return this.#checkpoints?.of(this.#file) ?? null;
  }

  async *replay(after: Kept | null): AsyncGenerator<BoardRecord[]> {
    const { end: from, sum } = (after as Checkpoint | null) ?? { end: 0, sum: 0 };
    let whole = from;
    let records: BoardRecord[] = [];
    for (const { bytes, end, hasNewline } of bytesOfOwn(this.#file, LONGEST_RECORD, from)) {
      const record = bytes === null || !hasNewline ? null : recordOfLine(bytes);
      // One that was damaged among whole ones is left out: what builds upon it is sent again.
      if (record === null) continue;
      whole = end;
      records.push(record);
      if (records.length < READ_AT_ONCE) continue;
      yield records;
      records = [];
    }
    yield records;
    await this.#handle.truncate(whole);
    this.#sum = sumOfFile(this.#file, from, whole, sum) ?? 0;
    this.#keptEnd = from;
    this.#end = whole;
  }

  keep(make: () => Kept): void {
    const end = this.#end ?? 0;
    if (this.#checkpoints === null || this.#keeping !== null || end - this.#keptEnd < KEEP_EVERY_BYTES)
      return;
    this.#keptEnd = end;
    // The log is what counts: where nothing can be kept, it is read as it is.
    this.#keeping = this.#checkpoints
      .write({ ...make(), end, sum: this.#sum })
      .catch(() => {})
      .finally(() => {
        this.#keeping = null;
      });
  }

  async append(decide: () => readonly BoardRecord[]): Promise<void> {
    if (this.#end === null) throw new Error('a log is read before it is written');
    const records = decide();
    if (records.length === 0) return;
    const bytes = Buffer.from(`${records.map(lineOfRecord).join('\n')}\n`);
    try {
      await this.#write(bytes, this.#end);
    } catch (cause) {
      await this.#handle.truncate(this.#end).catch(() => {});
      throw homeTrouble(this.#file, cause);
    }
    this.#end += bytes.length;
    this.#sum = crc32(bytes, this.#sum);
  }

  follow(): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    await this.#keeping;
    await this.#handle.close();
    this.#lock.release();
  }

  /** On a disk that runs full a write may take only a part, and is no error. */
  async #write(bytes: Buffer, position: number): Promise<void> {
    const { fd } = this.#handle;
    for (let done = 0; done < bytes.length; ) {
      // To the system's memory: another thread would cost more than the copy.
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    }
    await this.#handle.datasync();
    const { nlink } = fstatSync(fd);
    if (nlink === 0) throw new Trouble('home-gone', { file: this.#file });
    if (!this.#lock.isHeld()) throw new Trouble('workshop-two-boards', { pid: '?' });
  }
}
