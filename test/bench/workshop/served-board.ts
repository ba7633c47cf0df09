/** The board's own program, as `workshop open` starts it, on a home of the bench: what it takes, and how it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTicket, type Ticket } from '../../../src/workshop/ticket.ts';
import { CLI } from '../../e2e/lab.ts';
import { freePort } from '../../free-port.ts';
import { homeWithLog } from './full-log.ts';

const PROGRAM = join(CLI, '../src/board-process.js');

export class ServedBoard {
  readonly home = mkdtempSync(join(tmpdir(), 'pglab-bench-board-'));
  readonly port: number;
  readonly #id: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, seats: number, lines: number) {
    this.port = port;
    const ticket = homeWithLog(this.home, port, seats, lines);
    this.#id = ticket.id;
  }

  /** A workshop in which so many seats have joined, and have told so many lines each. */
  static async of(seats: number, lines = 0): Promise<ServedBoard> {
    return new ServedBoard(await freePort(), seats, lines);
  }

  get ticket(): Ticket {
    return readTicket(this.home, this.#id) as Ticket;
  }

  get log(): string {
    return join(this.home, 'workshops', this.#id, 'board.jsonl');
  }

  /** What the board keeps beside its log. */
  get state(): string {
    return join(this.home, 'workshops', this.#id, 'board.state');
  }

  /** Milliseconds until it serves. */
  async start(env: NodeJS.ProcessEnv = {}): Promise<number> {
    const begun = performance.now();
    const child = spawn(process.execPath, [PROGRAM, this.home, this.#id], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    const [says] = await once(child, 'message');
    if (says.is !== 'ready') throw new Error(JSON.stringify(says));
    this.#child = child;
    return performance.now() - begun;
  }

  async kill(): Promise<void> {
    const ended = this.#child && once(this.#child, 'exit');
    this.#child?.kill('SIGKILL');
    await ended;
    this.#child = null;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }
}

/**
 * Of a process and its threads: milliseconds on a core, and resident MB now and at most. By the scheduler's own clock
 * (proc(5), `schedstat`, nanoseconds): the ticks of `stat` count what wakes with a tick too often.
 */
export function taken(pid: number): { cpuMs: number; mb: number; mostMb: number } {
  const tasks = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  const cpuMs = Math.round(nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_000);
  return { cpuMs, mb: mb('VmRSS'), mostMb: mb('VmHWM') };
}
