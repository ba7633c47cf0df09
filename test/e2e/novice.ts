/**
 * Somebody who does a step by hand and knows no more than pglab's screen says: one window shows it, in the other they
 * type, and what they type for the right way is cut from the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Content, SharedFile } from '../../src/lab/content.ts';
import { Eyes, sentenceOf } from './eyes.ts';
import type { TestLab } from './lab.ts';
import { openTerminal, type Session } from './pty.ts';
import { Typist } from './typist.ts';

const COLUMNS = 100;
const HINTS = 3;
/** A look at the world takes less, on a busy machine as well. */
const SETTLES_IN_MS = 1_500;
/** What stands in a sentence and is a whole command. */
const COMMAND = /^(docker|psql|PGPASSWORD=.*|export) .*\S/;

export class Novice extends Typist {
  readonly #content: Content;
  #screen!: Session;
  #eyes!: Eyes;
  /** What the step puts at risk counts only once it has survived. */
  #isAtRiskUnseen = false;
  /** What the last hint said, in one line. */
  #way = '';

  constructor(lab: TestLab, content: Content) {
    super(lab);
    this.#content = content;
  }

  /** Begins the next step of the run, or goes on with it; its question is answered with the first answer. */
  async begins(args: string[], columns = COLUMNS): Promise<void> {
    this.#screen = openTerminal(this.lab, ['next', ...args, '--lang', this.#content.language], columns);
    this.opens(this.#screen);
    this.#eyes = new Eyes(this.#screen, columns);
    await this.#screen.sees(/❯| · h /);
    if (!this.#isWatched()) this.#screen.types('\r');
    await this.#eyes.finds('the keys', () => (this.#isWatched() ? true : undefined));
  }

  presses(keys: string): void {
    this.#screen.types(keys);
  }

  closesTerminal(): void {
    this.#screen.hangUp();
  }

  /** From then on a way is cut from a new hint: the last one was before that. */
  async reads(file: SharedFile, key: string, field?: string): Promise<void> {
    await this.#eyes.sees(sentenceOf(this.#content, file, key, field));
    this.#way = '';
  }

  hasRead(file: SharedFile, key: string): boolean {
    return this.#eyes.shows(sentenceOf(this.#content, file, key));
  }

  screen(): string {
    return this.#eyes.text();
  }

  /** Asks for a hint; resolves to what is written below its head. */
  async hint(): Promise<{ text: string; codes: string[] }> {
    const before = this.#heads().length;
    this.#screen.types('h');
    const at = await this.#eyes.finds('a hint', () => this.#heads()[before]);
    return this.#eyes.finds('the end of the hint', () => {
      const rows = this.#eyes.rows().slice(at + 1);
      const end = rows.findIndex(({ text }) => /^[…✓✗?·] /.test(text));
      if (end < 0) return;
      const said = rows.slice(0, end);
      // A line of a block stands by itself; what stands in a sentence is code by its colour.
      const codes = said.flatMap((row) =>
        row.text.startsWith('  ') ? [row.text.trim()] : row.codes.filter((code) => COMMAND.test(code)),
      );
      return { text: said.map(({ text }) => text).join(' '), codes };
    });
  }

  /** What stands in the way on that a hint told, the last one or a new one. */
  async finds(pattern: RegExp): Promise<string> {
    const cut = () => pattern.exec(this.#way)?.[0];
    if (cut() === undefined) this.#way = (await this.hint()).text.replace(/\s+/g, ' ');
    const found = cut();
    if (found === undefined) throw new Error(`no ${pattern} to cut from: ${this.#way}`);
    return found;
  }

  /** Cuts a command from it, and types it. */
  async cuts(pattern: RegExp): Promise<void> {
    const command = await this.finds(pattern);
    const { code, output } = await this.types(command);
    if (code !== 0) throw new Error(`${command}: exit ${code}: ${output}`);
  }

  /** All hints, the last one's commands at the end. */
  async hints(): Promise<string[][]> {
    const all: string[][] = [];
    for (let level = 1; level <= HINTS; level += 1) all.push((await this.hint()).codes);
    return all;
  }

  /** What the last hint gives, typed line by line as a careful learner does. */
  async followsHints(): Promise<void> {
    const hints = await this.hints();
    const looks = hints.flat().find((code) => code.startsWith('docker volume ls'));
    const first = this.made;
    let hasPassword = false;
    this.#isAtRiskUnseen = hints.at(-1)?.some((line) => line.startsWith('docker kill ')) ?? false;
    for (const line of hints.at(-1) ?? []) {
      if (line.startsWith('export ')) hasPassword = true;
      const filled = this.filled(line, first);
      if (/^docker run (?!.*-d )/.test(filled) && hasPassword) await this.inTheForeground(filled);
      else if (/^(docker exec -it|(PGPASSWORD=.* )?psql) /.test(filled)) await this.asks(filled);
      else if (/^docker rm /.test(filled)) await this.removes(filled, looks);
      else await this.#does(filled);
    }
  }

  async #does(line: string): Promise<void> {
    const [, asked] = /^docker exec (\S+) psql/.exec(line) ?? [];
    if (asked) await this.ready(asked);
    const met = this.#met().count;
    if (line.includes('pg_reload_conf')) {
      // As the hint says in words; what is to change is waited for on the screen before that.
      await this.hasMet(2);
      await this.types("sed -i 's/8MB/32MB/' conf/postgresql.conf");
    }
    await this.types(line);
    // What is written is waited for on the screen before it is put at risk; a row that is to survive a kill counts after it.
    if (line.includes('create table') && !this.#isAtRiskUnseen) await this.hasMet(met + 1);
  }

  /**
   * Types what the screen gives to be typed, each line after a `$`, and says so by Enter. Resolves to whether that was
   * all that the step asked for.
   */
  async typesWhatIsShown(): Promise<boolean> {
    const lines = this.#eyes.rows().flatMap(({ text }) => /^\$ (.*)$/.exec(text)?.[1] ?? []);
    if (lines.length === 0) return false;
    // Some of it is so from the start.
    await this.reads('messages', 'already-so');
    const before = await this.#settled();
    for (const line of lines) await this.types(line);
    this.#screen.types('\r');
    return this.#eyes.finds('that they count', () => {
      const { count, of } = this.#met();
      if (this.#isOver() || count === of) return true;
      return count >= before + lines.length ? false : undefined;
    });
  }

  /** How many are met once no more of them turn out to be so from the start. */
  async #settled(): Promise<number> {
    for (let before = this.#met().count; ; ) {
      await sleep(SETTLES_IN_MS);
      const { count } = this.#met();
      if (count === before) return count;
      before = count;
    }
  }

  /** Waits until so many checks are met. */
  async hasMet(count: number): Promise<void> {
    const what = `${count} that are met`;
    await this.#eyes.finds(what, () => (this.#met().count >= count || this.#isOver() ? true : undefined));
  }

  /** The step is over, and all is met: by the exit code, and by what is told then. */
  async isDone(): Promise<void> {
    await this.#eyes.finds('the end', () => (this.#isOver() ? true : undefined));
    const code = await this.#screen.ends();
    if (code !== 0) throw new Error(`exit ${code}:\n${this.screen()}`);
  }

  ends(): Promise<number> {
    return this.#screen.ends();
  }

  /** How many checks the screen shows as met, and of how many. */
  #met(): { count: number; of: number } {
    const line = this.#eyes
      .text()
      .split('\n')
      .findLast((text) => text.includes(' · h '));
    const [count = 0, of = -1] = (line?.match(/\d+/g) ?? []).map(Number);
    return { count, of };
  }

  #isOver(): boolean {
    return this.#eyes.text().includes(this.#content.say('messages', 'then-and-now'));
  }

  #isWatched(): boolean {
    return / · h /.test(this.#eyes.text());
  }

  /** Rows that begin a hint. */
  #heads(): number[] {
    const head = sentenceOf(this.#content, 'messages', 'hint-head');
    return this.#eyes.rows().flatMap(({ text }, at) => (head.test(text.replace(/\s+/g, '')) ? [at] : []));
  }
}
