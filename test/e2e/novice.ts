/**
 * Somebody who does a step by hand and knows no more than pglab's screen says: one window shows it, in the other they
 * type, and what they type for the right way is cut from the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Content, SharedFile } from '../../src/lab/content.ts';
import { Eyes, sentenceOf } from './eyes.ts';
import { ended, type TestLab } from './lab.ts';
import { openShell, openTerminal, type Session } from './pty.ts';

const PROMPT = /‹(\d+)›/;
const COLUMNS = 100;
const HINTS = 3;
/** A look at the world takes less, on a busy machine as well. */
const SETTLES_IN_MS = 1_500;
/** Stands in a hint for an id or a name that only the learner has. */
const STANDS_FOR = /\b(CONTAINER|FIRST|SECOND|THIRD|VOLUME)\b/g;
/** What stands in a sentence and is a whole command. */
const COMMAND = /^(docker|psql|PGPASSWORD=.*|export) .*\S/;
const ID_LENGTH = 64;
const ID = /^[0-9a-f]{64}$/m;

interface Typed {
  code: number;
  output: string;
}

export class Novice {
  readonly #lab: TestLab;
  readonly #content: Content;
  readonly #sessions: Session[] = [];
  #screen!: Session;
  #eyes!: Eyes;
  #window!: Session;
  /** Ids that `docker` has printed here, the first one first. */
  readonly #ids: string[] = [];
  #volume = '';
  /** What the step puts at risk counts only once it has survived. */
  #isAtRiskUnseen = false;
  /** What the last hint said, in one line. */
  #way = '';
  /** What the last `export` put into the shell. */
  #password = '';

  constructor(lab: TestLab, content: Content) {
    this.#lab = lab;
    this.#content = content;
  }

  /** Begins the next step of the run, or goes on with it; its question is answered with the first answer. */
  async begins(args: string[], columns = COLUMNS): Promise<void> {
    this.#screen = openTerminal(this.#lab, ['next', ...args, '--lang', this.#content.language], columns);
    this.#sessions.push(this.#screen);
    this.#eyes = new Eyes(this.#screen, columns);
    await this.#screen.sees(/❯| · h /);
    if (!this.#isWatched()) this.#screen.types('\r');
    await this.#eyes.finds('the keys', () => (this.#isWatched() ? true : undefined));
  }

  /** A window of their own, with a password in its shell or without. */
  async opensWindow(password: string | null): Promise<void> {
    const { POSTGRES_PASSWORD: _, ...rest } = this.#lab.env;
    const env = {
      ...rest,
      PS1: '‹$?›',
      PAGER: 'cat',
      ...(password !== null && { POSTGRES_PASSWORD: password }),
    };
    const shell = ['--norc', '--noprofile', '--noediting'];
    this.#window = openShell({ ...this.#lab, env }, 'bash', shell, this.#lab.home);
    this.#sessions.push(this.#window);
    await this.#window.sees(PROMPT);
  }

  async types(line: string): Promise<Typed> {
    const from = this.#window.text().length;
    this.#window.types(`${line}\r`);
    const [, code] = await this.#window.sees(PROMPT);
    const output = this.#window.text().slice(from).replace(/\r/g, '');
    const [id] = /^docker (run|create)\b/.test(line) ? (ID.exec(output) ?? []) : [];
    if (id) this.#ids.push(id);
    this.#password = /^export \w+=(\S+)$/.exec(line)?.[1] ?? this.#password;
    return { code: Number(code), output };
  }

  /** Types what keeps the window, until this stands there. */
  async starts(line: string, until: RegExp): Promise<void> {
    this.#window.types(`${line}\r`);
    await this.#window.sees(until);
  }

  /** Ctrl-C in the window, and the prompt is there again. */
  async interrupts(): Promise<void> {
    this.#window.types('\u0003');
    await this.#window.sees(PROMPT);
  }

  /** In a third window, while the second is held. */
  async inAnother(line: string): Promise<void> {
    await ended('bash', ['-c', line], this.#lab.env);
  }

  presses(keys: string): void {
    this.#screen.types(keys);
  }

  closesTerminal(): void {
    this.#screen.hangUp();
  }

  async ready(id = this.lastId()): Promise<void> {
    const asked = `docker exec ${id} psql -h 127.0.0.1 -U postgres -c 'select 1'`;
    await this.types(`until ${asked} >/dev/null 2>&1; do sleep 0.2; done`);
  }

  lastId(): string {
    return this.#ids.at(-1) ?? '';
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
    const first = this.#ids.length;
    let hasPassword = false;
    this.#isAtRiskUnseen = hints.at(-1)?.some((line) => line.startsWith('docker kill ')) ?? false;
    for (const line of hints.at(-1) ?? []) {
      if (line.startsWith('export ')) hasPassword = true;
      const filled = this.#filled(line, first);
      if (/^docker run (?!.*-d )/.test(filled) && hasPassword) await this.#inTheForeground(filled);
      else if (/^(docker exec -it|(PGPASSWORD=.* )?psql) /.test(filled)) await this.#asks(filled);
      else if (/^docker rm /.test(filled)) await this.#removes(filled, looks);
      else await this.#does(filled);
    }
  }

  #filled(line: string, first: number): string {
    const at: Readonly<Record<string, number>> = { CONTAINER: 0, FIRST: 0, SECOND: 1, THIRD: 2 };
    return line.replace(STANDS_FOR, (word) =>
      word === 'VOLUME' ? this.#volume : (this.#ids[first + (at[word] ?? 0)] ?? word),
    );
  }

  async #inTheForeground(line: string): Promise<void> {
    await this.starts(line, /ready to accept connections[\s\S]*ready to accept connections/);
    await this.interrupts();
  }

  /** In a psql of their own: it may ask for the password, and is left by its own command. */
  async #asks(line: string): Promise<void> {
    const [, inside] = /^docker exec -it (\S+) psql/.exec(line) ?? [];
    if (inside) await this.ready(inside);
    this.#window.types(`${line}\r`);
    const [seen] = await this.#window.sees(/Password|=#/);
    if (seen === 'Password') {
      this.#window.types(`${this.#password}\r`);
      await this.#window.sees(/=#/);
    }
    this.#window.types('show server_version;\r');
    await this.#window.sees(/-\s+\d+\.\d+[^\n]*\s+\(1 row\)/);
    this.#window.types('\\q\r');
    await this.#window.sees(PROMPT);
  }

  /** With a look at the volumes before and after, where the hints tell how. */
  async #removes(line: string, looks: string | undefined): Promise<void> {
    const rows = async () => (looks === undefined ? [] : (await this.types(looks)).output.split('\n'));
    const before = await rows();
    await this.types(line);
    const after = (await rows()).filter((row) => !before.includes(row));
    const names = after.map((row) => row.trim().split(/\s+/).at(-1) ?? '');
    this.#volume = names.find((name) => name.length === ID_LENGTH) ?? this.#volume;
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

  leaves(): void {
    for (const session of this.#sessions.splice(0)) session.kill();
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
