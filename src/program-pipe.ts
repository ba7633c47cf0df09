/** A program of this machine as a connection. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What a pipe's program said before it ended: why there is no connection. */
class PipeEnded extends Error {
  readonly exitCode: number | null;
  readonly code = 'PIPE_ENDED';

  constructor(program: string, exitCode: number | null, said: string) {
    super(said.trim() || `${program} ended with ${exitCode}`);
    this.name = 'PipeEnded';
    this.exitCode = exitCode;
  }
}

/** Enough of what a program complains of to say why it ended. */
const LONGEST_COMPLAINT = 2_000;

/**
 * A program as a two-way connection: what is written goes to its stdin, what it prints comes back. Where the
 * program ends by itself the connection fails with `PipeEnded`, whose message is what it wrote to stderr.
 */
export function startPipe(command: readonly string[]): Duplex {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LONGEST_COMPLAINT);
  });
  const pipe = new Pipe(child);
  child.on('error', (error) => pipe.destroy(error));
  child.on('close', (exitCode) => {
    if (exitCode === 0) pipe.push(null);
    else pipe.destroy(new PipeEnded(program, exitCode, said));
  });
  return pipe;
}

/** A child process with what http asks of a socket. */
class Pipe extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    // That it does not read any more is told by its end, with the reason.
    child.stdin.on('error', () => {});
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  ref(): this {
    this.#child.ref();
    return this;
  }

  unref(): this {
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr])
      (stream as unknown as Socket).unref?.();
    return this;
  }

  setTimeout(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }
}
