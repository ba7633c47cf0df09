/** A learner who does steps by hand: containers that they start, and terminals with pglab in which they sit. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLab, type TestLab } from './lab.ts';
import { openTerminal, type Session } from './pty.ts';

const IMAGE = 'postgres:17';

export class LearnerByHand {
  readonly lab: TestLab;
  readonly #theirs: string[] = [];
  readonly #sessions: Session[] = [];

  /** `port`: of this machine, for what a step publishes. */
  constructor(port: number) {
    this.lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_PORT: String(port) });
  }

  readonly start = (...flags: string[]): Promise<string> => this.startOf(IMAGE, ...flags);

  /** Returns the id of the container. */
  readonly startOf = async (image: string, ...flags: string[]): Promise<string> => {
    // Made first: one that cannot start is there all the same, and must go at the end.
    const id = await this.lab.docker('create', '-e', 'POSTGRES_PASSWORD=theirs', ...flags, image);
    this.#theirs.push(id);
    await this.lab.docker('start', id);
    return id;
  };

  readonly untilReady = async (id: string): Promise<void> => {
    for (;;) {
      const tcp = ['psql', '-X', '-h', '127.0.0.1', '-U', 'postgres', '-Atc', 'select 1'];
      if ((await this.lab.docker('exec', id, ...tcp).catch(() => '')) === '1') return;
    }
  };

  readonly sql = (id: string, text: string) =>
    this.lab.docker('exec', id, 'psql', '-XU', 'postgres', '-Atc', text);

  /** Steps that pglab does. */
  readonly finish = (...steps: string[]) => this.lab.pglab('run', ...steps, '--yes');

  readonly open = (...args: string[]): Session => {
    const session = openTerminal(this.lab, [...args, '--lang', 'en']);
    this.#sessions.push(session);
    return session;
  };

  readonly begin = (run: string, ...more: string[]): Session =>
    this.open('next', '--by-hand', '--run', run, ...more);

  /** A late step, begun in a run in which pglab has done what comes before. */
  readonly resumed = async (run: string, step: string): Promise<Session> => {
    const order = (await this.lab.json('list', '--run', run)).list as {
      id: string;
      outcome: string | null;
    }[];
    const missing = order
      .slice(
        0,
        order.findIndex(({ id }) => id === step),
      )
      .filter(({ outcome }) => !outcome);
    if (missing.length > 0) {
      const { code, stdout } = await this.finish(...missing.map(({ id }) => id), '--run', run);
      assert.equal(code, 0, stdout);
    }
    const session = this.begin(run, '--yes');
    await session.sees(/\d of \d/);
    return session;
  };

  readonly journalOf = (run: string) =>
    readFileSync(join(this.lab.home, 'runs', run, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  /** Leaves the terminals, and removes the containers that are there still. */
  async tidiesUp(): Promise<void> {
    for (const session of this.#sessions.splice(0)) session.kill();
    const left = (await this.lab.docker('ps', '-aq', '--no-trunc')).split('\n');
    const here = this.#theirs.splice(0).filter((id) => left.includes(id));
    if (here.length > 0) await this.lab.docker('rm', '-fv', ...here);
  }

  async end(...runs: string[]): Promise<void> {
    for (const run of runs) await this.lab.pglab('reset', '--yes', '--run', run);
    await this.lab.end();
  }
}
