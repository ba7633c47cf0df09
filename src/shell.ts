/** The only importer of zx: everything that runs as a process on this machine. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { Duplex } from 'node:stream';
import type { ProcessPromise } from 'zx/core';
import { KeptOutput, LineCutter } from './kept-output.ts';

/** `output` is stdout and stderr in the order they came; of much, the first and the last part. */
export interface Ran {
  exitCode: number;
  output: string;
  stdout: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Give it this process's terminal: nothing is captured. */
  terminal?: boolean;
  onLine?: (line: string) => void;
  /** Aborting sends SIGINT: docker forwards it, Postgres takes it as a fast shutdown. Who goes on for 10 s is killed. */
  signal?: AbortSignal;
  /** How long it may take; then it is ended as by `signal`, and killed where it goes on. */
  withinMs?: number;
}

/** What SIGINT does not end within this time is killed. */
const KILL_AFTER_MS = 2_000;
/** A fast shutdown takes seconds on a busy disk; the first process of a container may not hear SIGINT at all. */
const GIVE_UP_AFTER_MS = 10_000;

/** Names of the environment that would bend psql or docker, and are ours to set. */
const BENT_BY =
  /^(PG[A-Z]+|LANGUAGE|DOCKER_HOST|DOCKER_CONTEXT|DOCKER_TLS|DOCKER_TLS_VERIFY|DOCKER_CERT_PATH|LC_ALL)$/;

/** Loads what the first command will need: whoever waits for something else has time for it now. */
export async function loadShell(): Promise<void> {
  await import('zx/core');
}

/** Runs a program with its arguments, as they are. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { $ } = await import('zx/core');
  return settle($(settings(options))`${command}`, options);
}

/** Runs a line as a shell would: what the learner sees is what runs. */
export async function runLine(line: string, options: RunOptions = {}): Promise<Ran> {
  const { $ } = await import('zx/core');
  return settle($(settings(options))(raw(line)), options);
}

/** A line in the foreground that the caller ends: `interrupt` is Ctrl-C; `kill` does nothing where it has ended. */
export async function startLine(
  line: string,
  options: RunOptions = {},
): Promise<{ ended: Promise<Ran>; interrupt: () => void; kill: () => void }> {
  const { $ } = await import('zx/core');
  // exec: the signal must reach the program itself, not a shell in front of it.
  const child = $(settings(options))(raw(`exec ${line}`));
  const ended = settle(child, options);
  return {
    ended,
    interrupt: () => child.child?.kill('SIGINT'),
    kill: () => child.child?.kill('SIGKILL'),
  };
}

/** Takes the place of zx's own lists of output, which would keep all that is printed. */
const NOTHING: string[] = Object.assign([], { push: () => 0 });

function settings({ env = {}, terminal }: RunOptions) {
  const inherited = Object.entries(process.env).filter(([name]) => !BENT_BY.test(name));
  return {
    env: { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8', PGPASSFILE: '/nonexistent/pgpass', ...env },
    quiet: true,
    nothrow: true,
    verbose: false,
    store: { stdout: NOTHING, stderr: NOTHING, stdall: NOTHING },
    stdio: terminal ? ('inherit' as const) : (['ignore', 'pipe', 'pipe'] as never),
  };
}

async function settle(
  child: ProcessPromise,
  { onLine, terminal, signal, withinMs }: RunOptions,
): Promise<Ran> {
  // zx asks `ps` for the processes below this one; without `ps`, this process alone gets the signal.
  const interrupt = () => void child.kill('SIGINT').catch(() => child.child?.kill('SIGINT'));
  const kill = () => void child.kill('SIGKILL').catch(() => {});
  const limits: NodeJS.Timeout[] = [];
  const cancel = () => {
    interrupt();
    limits.push(setTimeout(kill, GIVE_UP_AFTER_MS));
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  if (withinMs !== undefined)
    limits.push(setTimeout(interrupt, withinMs), setTimeout(kill, withinMs + KILL_AFTER_MS));
  const all = new KeptOutput();
  const stdout = new KeptOutput();
  const lines = new LineCutter((line) => onLine?.(line));
  if (!terminal) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        all.take(text);
        if (stream === child.stdout) stdout.take(text);
        lines.take(text);
      });
    }
  }
  const result = await child;
  signal?.removeEventListener('abort', cancel);
  for (const limit of limits) clearTimeout(limit);
  lines.end();
  return { exitCode: exitCodeOf(result), output: all.text(), stdout: stdout.text() };
}

function exitCodeOf({ exitCode, signal }: { exitCode: number | null; signal: string | null }): number {
  return exitCode ?? { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }[signal ?? ''] ?? 255;
}

/** zx takes a template; a line that is already whole is a template without holes. */
function raw(line: string): TemplateStringsArray {
  return Object.assign([line], { raw: [line] });
}

/** A process that outlives us, with its output in an open file. Ended by its own process id. */
export function startDaemon(command: readonly string[], log: number): { ended: () => boolean } {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { detached: true, stdio: ['ignore', log, log] });
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  child.unref();
  return { ended: () => ended };
}

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

/** Whether a program is on the PATH. */
export function hasTool(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
