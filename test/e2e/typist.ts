/** Somebody at a window of their own, where they type commands as a learner does, and remember what these printed. */
import { ended, type TestLab } from './lab.ts';
import { openShell, type Session } from './pty.ts';

const PROMPT = /‹(\d+)›/;
/** Stands in a hint for an id or a name that only the learner has. */
const STANDS_FOR = /\b(CONTAINER|FIRST|SECOND|THIRD|VOLUME)\b/g;
const ID_LENGTH = 64;
const ID = /^[0-9a-f]{64}$/m;

interface Typed {
  code: number;
  output: string;
}

export class Typist {
  protected readonly lab: TestLab;
  readonly #sessions: Session[] = [];
  #window!: Session;
  /** Ids that `docker` has printed here, the first one first. */
  readonly #ids: string[] = [];
  #volume = '';
  /** What the last `export` put into the shell. */
  #password = '';

  constructor(lab: TestLab) {
    this.lab = lab;
  }

  /** A window of their own, with a password in its shell or without. */
  async opensWindow(password: string | null): Promise<void> {
    const { POSTGRES_PASSWORD: _, ...rest } = this.lab.env;
    const env = {
      ...rest,
      PS1: '‹$?›',
      PAGER: 'cat',
      ...(password !== null && { POSTGRES_PASSWORD: password }),
    };
    const shell = ['--norc', '--noprofile', '--noediting'];
    this.#window = openShell({ ...this.lab, env }, 'bash', shell, this.lab.home);
    this.opens(this.#window);
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
    await ended('bash', ['-c', line], this.lab.env);
  }

  async ready(id = this.lastId()): Promise<void> {
    const asked = `docker exec ${id} psql -h 127.0.0.1 -U postgres -c 'select 1'`;
    await this.types(`until ${asked} >/dev/null 2>&1; do sleep 0.2; done`);
  }

  lastId(): string {
    return this.#ids.at(-1) ?? '';
  }

  protected filled(line: string, first: number): string {
    const at: Readonly<Record<string, number>> = { CONTAINER: 0, FIRST: 0, SECOND: 1, THIRD: 2 };
    return line.replace(STANDS_FOR, (word) =>
      word === 'VOLUME' ? this.#volume : (this.#ids[first + (at[word] ?? 0)] ?? word),
    );
  }

  protected async inTheForeground(line: string): Promise<void> {
    await this.starts(line, /ready to accept connections[\s\S]*ready to accept connections/);
    await this.interrupts();
  }

  /** In a psql of their own: it may ask for the password, and is left by its own command. */
  protected async asks(line: string): Promise<void> {
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
  protected async removes(line: string, looks: string | undefined): Promise<void> {
    const rows = async () => (looks === undefined ? [] : (await this.types(looks)).output.split('\n'));
    const before = await rows();
    await this.types(line);
    const after = (await rows()).filter((row) => !before.includes(row));
    const names = after.map((row) => row.trim().split(/\s+/).at(-1) ?? '');
    this.#volume = names.find((name) => name.length === ID_LENGTH) ?? this.#volume;
  }

  /** Containers that were made here. */
  protected get made(): number {
    return this.#ids.length;
  }

  /** It is closed when they leave. */
  protected opens(session: Session): void {
    this.#sessions.push(session);
  }

  leaves(): void {
    for (const session of this.#sessions.splice(0)) session.kill();
  }
}
