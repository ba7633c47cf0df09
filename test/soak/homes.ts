/** Homes of the soak, each a pglab of its own, and who is killed in them. */
import { lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { CLI, type Ended, ended } from '../e2e/lab.ts';

export class Home {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv = {}) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.folder = folder;
    this.#env = env;
  }

  pglab(...words: string[]): Promise<Ended> {
    const own = { LANG: 'C.UTF-8', PGLAB_HOME: this.folder, PGLAB_RUN: 'main' };
    return ended(process.execPath, [CLI, ...words], { ...process.env, ...own, ...this.#env });
  }

  async done(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pglab(...words);
    if (code !== 0) throw new Error(`${words.join(' ')} in ${this.folder}: ${code} ${stdout} ${stderr}`);
    return stdout;
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever a verb prints is looked at by the soak.
  async workshop(...words: string[]): Promise<any> {
    return JSON.parse((await this.pglab('workshop', ...words, '--format', 'json')).stdout).workshop;
  }

  get ticket(): Ticket {
    return readTickets(this.folder)[0] as Ticket;
  }

  /** Of the board or the courier of this home; null: none lives. */
  pid(of: 'board' | 'courier'): number | null {
    const board = () => join('workshops', this.ticket.id);
    const lock = join(this.folder, of === 'board' ? board() : 'workshop/courier', 'lock');
    if (!lstatSync(lock, { throwIfNoEntry: false })) return null;
    const pid = Number(readlinkSync(lock).split(' ')[0]);
    return isThere(pid) ? pid : null;
  }

  /** Returns whether there was somebody to kill. */
  async kill(whom: 'board' | 'courier'): Promise<boolean> {
    const pid = this.pid(whom);
    if (pid === null) return false;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return false;
    }
    while (isThere(pid)) await delay(10);
    return true;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills couriers, and each fourth time the board, until `isOver`; the next verb of each home brings it back. */
export async function killing(teacher: Home, seats: readonly Home[], isOver: (kills: number) => boolean) {
  const killed = { boards: 0, couriers: 0 };
  while (!isOver(killed.boards + killed.couriers)) {
    await delay(100 + Math.random() * 300);
    if (Math.random() < 0.25) {
      if (await teacher.kill('board')) killed.boards += 1;
      await teacher.done('workshop', 'open');
      continue;
    }
    const home = seats[Math.floor(Math.random() * seats.length)] as Home;
    if (!(await home.kill('courier'))) await delay(50);
    else killed.couriers += 1;
    await home.pglab('list');
  }
  return killed;
}
