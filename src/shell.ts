/** The only importer of zx: everything that runs as a process on this machine. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ProcessPromise } from 'zx/core';

/** `output` is stdout and stderr in the order they came. */
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
  /** Aborting sends SIGINT: docker forwards it, Postgres takes it as a fast shutdown. */
  signal?: AbortSignal;
}

/** Names of the environment that would bend psql or docker, and are ours to set. */
const BENT_BY = /^(PG[A-Z]+|LANGUAGE|DOCKER_HOST|DOCKER_CONTEXT|DOCKER_TLS_VERIFY|DOCKER_CERT_PATH|LC_ALL)$/;

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

/** A line in the foreground that the caller ends: `interrupt` is Ctrl-C. */
export async function startLine(
  line: string,
  options: RunOptions = {},
): Promise<{ ended: Promise<Ran>; interrupt: () => void }> {
  const { $ } = await import('zx/core');
  // exec: the signal must reach the program itself, not a shell in front of it.
  const child = $(settings(options))(raw(`exec ${line}`));
  const ended = settle(child, options);
  return { ended, interrupt: () => child.child?.kill('SIGINT') };
}

function settings({ env = {}, terminal }: RunOptions) {
  const inherited = Object.entries(process.env).filter(([name]) => !BENT_BY.test(name));
  return {
    env: { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8', PGPASSFILE: '/nonexistent/pgpass', ...env },
    quiet: true,
    nothrow: true,
    verbose: false,
    stdio: terminal ? ('inherit' as const) : (['ignore', 'pipe', 'pipe'] as never),
  };
}

async function settle(child: ProcessPromise, { onLine, terminal, signal }: RunOptions): Promise<Ran> {
  // zx asks ps for all below it; where there is no ps, the one itself is reached.
  const interrupt = () => void child.kill('SIGINT').catch(() => child.child?.kill('SIGINT'));
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) interrupt();
  let output = '';
  let line = '';
  if (!terminal) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const lines = (line + text).split('\n');
        line = lines.pop() ?? '';
        for (const whole of lines) onLine?.(whole);
      });
    }
  }
  const result = await child;
  signal?.removeEventListener('abort', interrupt);
  if (line) onLine?.(line);
  return { exitCode: exitCodeOf(result), output, stdout: result.stdout };
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
