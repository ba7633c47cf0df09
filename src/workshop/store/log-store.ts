/**
 * The store of one board: a file to which lines are appended, each with a checksum. What comes together goes in one write
 * and one flush, off the main thread, and only then is it told to be stored.
 */
import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lock, takeLock } from '../../lock.ts';
import { bytesOfOwn, makeOwnFolder, openOwn } from '../../own-files.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';
import type { BoardRecord, Store } from '../records.ts';
import { LONGEST_RECORD, lineOfRecord, recordOfLine } from './record-line.ts';

/** Records of a log that are in memory at one time while it is read. */
const READ_AT_ONCE = 500;

/**
 * Opens the log in a folder, which it makes. Trouble `workshop-two-boards` where another process has it.
 *
 * @example const store = await openLogStore('/home/ada/.local/state/pglab/workshops/lab-3f2a');
 */
export async function openLogStore(folder: string): Promise<Store> {
  const file = join(folder, 'board.jsonl');
  let lock: Lock | null = null;
  try {
    makeOwnFolder(folder);
    lock = lockOf(folder);
    closeSync(openOwn(file, constants.O_RDWR | constants.O_CREAT));
    const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    flushFolder(folder);
    return new LogStore(file, handle, lock);
  } catch (cause) {
    lock?.release();
    throw homeTrouble(file, cause);
  }
}

function lockOf(folder: string): Lock {
  try {
    return takeLock(folder, folder);
  } catch (cause) {
    if (!(cause instanceof Trouble) || cause.code !== 'run-locked') throw cause;
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

  constructor(file: string, handle: FileHandle, lock: Lock) {
    this.#file = file;
    this.#handle = handle;
    this.#lock = lock;
  }

  async *replay(): AsyncGenerator<BoardRecord[]> {
    let whole = 0;
    let records: BoardRecord[] = [];
    for (const { bytes, end, hasNewline } of bytesOfOwn(this.#file, LONGEST_RECORD)) {
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
    this.#end = whole;
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
  }

  follow(): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    await this.#handle.close();
    this.#lock.release();
  }

  /** On a disk that runs full a write may take only a part, and is no error. */
  async #write(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    await this.#handle.datasync();
    const { nlink } = await this.#handle.stat();
    if (nlink === 0) throw new Trouble('home-gone', { file: this.#file });
    if (!this.#lock.isHeld()) throw new Trouble('workshop-two-boards', { pid: '?' });
  }
}
