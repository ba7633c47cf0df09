/** The only importer of zx: everything that runs as a process on this machine. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ProcessPromise } from 'zx/core';
import { KeptOutput, LineCutter } from './kept-output.ts';
import { signalAll } from './running-processes.ts';

/** `output` is stdout and stderr in the order they came; of much, the first and the last part. */
export interface Ran {
  exitCode: number;
  output: string;
  stdout: string;
  /** It did not come to its end in time, and was ended. */
  isLate: boolean;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Give it this process's terminal: nothing is captured. */
  terminal?: boolean;
  onLine?: (line: string) => void;
  /** Aborting sends SIGINT: docker forwards it, Postgres takes it as a fast shutdown. Who goes on for 10 s is killed. */
  signal?: AbortSignal;
  /** How long it may take; then it is ended as by `signal`, and killed where it goes on. Infinity: as long as it likes. */
  withinMs?: number;
  /** How long it may say nothing; then as by `withinMs`. */
  silentMs?: number;
}

/** What only answers a question, on a busy machine. */
const ANSWERS_WITHIN_MS = 30_000;
/** How long a line of the learner's shell may say nothing: an engine on a busy machine takes a minute or two. */
export const SPEAKS_WITHIN_MS = 300_000;
/** How long such a line may take in all, whatever it says. */
const ENDS_WITHIN_MS = 1_800_000;

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

/** Runs a program with its arguments, as they are. Whoever lets it work for long says so by `withinMs`. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { $ } = await import('zx/core');
  return settle($(settings(options))`${command}`, { withinMs: ANSWERS_WITHIN_MS, ...options });
}

/** Runs a line as a shell would: what the learner sees is what runs. Only at a terminal it may take as long as it likes. */
export async function runLine(line: string, options: RunOptions = {}): Promise<Ran> {
  const { $ } = await import('zx/core');
  const limits = options.terminal ? {} : { withinMs: ENDS_WITHIN_MS, silentMs: SPEAKS_WITHIN_MS };
  return settle($(settings(options))(raw(line)), { ...limits, ...options });
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
    kill: () => {
      child.child?.kill('SIGKILL');
      closeOutput(child);
    },
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

async function settle(child: ProcessPromise, options: RunOptions): Promise<Ran> {
  const { onLine, terminal } = options;
  const limits = limitsOf(child, options);
  const all = new KeptOutput();
  const stdout = new KeptOutput();
  const lines = new LineCutter((line) => onLine?.(line));
  if (!terminal) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        limits.spoken();
        all.take(text);
        if (stream === child.stdout) stdout.take(text);
        lines.take(text);
      });
    }
  }
  const result = await child;
  const isLate = limits.end();
  lines.end();
  return { exitCode: exitCodeOf(result), output: all.text(), stdout: stdout.text(), isLate };
}

/** Ends a process that is cancelled, or takes too long; `end` tells whether it was the latter. */
function limitsOf(
  child: ProcessPromise,
  { signal, withinMs = Infinity, silentMs = Infinity }: RunOptions,
): { spoken(): void; end(): boolean } {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => {
    if (ms === Infinity) return undefined;
    const timer = setTimeout(act, ms);
    timers.push(timer);
    return timer;
  };
  const endIn = (ms: number) => {
    void sendAll(child, 'SIGINT');
    after(ms, () => killWhole(child));
  };
  let isLate = false;
  const late = () => {
    if (!isLate) endIn(KILL_AFTER_MS);
    isLate = true;
  };
  const cancel = () => endIn(GIVE_UP_AFTER_MS);
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  after(withinMs, late);
  const silence = after(silentMs, late);
  return {
    spoken: () => void silence?.refresh(),
    end() {
      signal?.removeEventListener('abort', cancel);
      for (const timer of timers) clearTimeout(timer);
      return isLate;
    },
  };
}

/** With all below it. */
function killWhole(child: ProcessPromise): void {
  void sendAll(child, 'SIGKILL').finally(() => closeOutput(child));
}

/** To the process and all below it. zx asks `ps` for those, and falls where there is none; macOS always has one. */
async function sendAll(child: ProcessPromise, signal: NodeJS.Signals): Promise<void> {
  if (process.platform === 'linux') signalAll(child.pid, signal);
  else await child.kill(signal).catch(() => child.child?.kill(signal));
}

/** What has left the process, and has its output open, is not waited for. */
function closeOutput({ child }: ProcessPromise): void {
  for (const stream of [child?.stdout, child?.stderr]) stream?.destroy();
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
