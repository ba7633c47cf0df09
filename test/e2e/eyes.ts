/** The screen as somebody sees it who knows nothing else of pglab: drawn by a terminal, read, and cut from. */
import xterm from '@xterm/headless';
import type { Content, SharedFile } from '../../src/lab/content.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { Session } from './pty.ts';

const ROWS = 50;
const CYAN = 6;

/** A row of the screen; one that the terminal broke is one. */
interface Row {
  text: string;
  /** What stands in it as code. */
  codes: string[];
}

export class Eyes {
  readonly #terminal: xterm.Terminal;
  #wake = () => {};

  constructor(session: Session, columns: number) {
    const options = { cols: columns, rows: ROWS, scrollback: 5_000, allowProposedApi: true };
    this.#terminal = new xterm.Terminal(options);
    session.hears((data) => this.#terminal.write(data, () => this.#wake()));
  }

  /** Waits until this stands on the screen: a pattern over the text without its spaces and line breaks. */
  async sees(pattern: RegExp): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.shows(pattern)) {
      if (Date.now() > deadline) throw new Error(`never saw ${pattern} in:\n${this.text()}`);
      await this.#drawn();
    }
  }

  shows(pattern: RegExp): boolean {
    return pattern.test(squeezed(this.text()));
  }

  /** Waits until what is looked for is found. */
  async finds<T>(what: string, look: () => T | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`never found ${what} in:\n${this.text()}`);
      await this.#drawn();
    }
  }

  text(): string {
    return this.rows()
      .map(({ text }) => text)
      .join('\n');
  }

  rows(): Row[] {
    const { active } = this.#terminal.buffer;
    const rows: Row[] = [];
    for (let at = 0; at < active.length; at += 1) {
      const line = active.getLine(at);
      if (!line) continue;
      const row = rowOf(line);
      const last = rows.at(-1);
      if (!line.isWrapped || !last) rows.push(row);
      else {
        last.text += row.text;
        last.codes.push(...row.codes);
      }
    }
    return rows;
  }

  #drawn(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function rowOf(line: xterm.IBufferLine): Row {
  const codes: string[] = [];
  let code = '';
  for (let at = 0; at < line.length; at += 1) {
    const cell = line.getCell(at);
    const isCode = cell?.isFgPalette() === true && cell.getFgColor() === CYAN;
    if (isCode) code += cell.getChars() || ' ';
    if (code !== '' && (!isCode || at === line.length - 1)) {
      codes.push(code.trim());
      code = '';
    }
  }
  return { text: line.translateToString(true), codes: codes.filter(Boolean) };
}

function squeezed(text: string): string {
  return text.replace(/[\s`]+/g, '');
}

/** A sentence of pglab's, whatever its values: as `sees` wants it. */
function sentence(text: string): RegExp {
  const parts = text
    .split(/\{\{[^}]*\}\}/)
    .map((part) => squeezed(part).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(parts.join('.+?'));
}

/** By the place where it stands among the texts: `sentenceOf(content, 'findings', 'ports-swapped', 'seen')`. */
export function sentenceOf(content: Content, file: SharedFile, key: string, field?: string): RegExp {
  const entry = content.entries(file).get(key);
  const text = field === undefined ? Object.values(entry ?? {})[0] : entry?.[field];
  if (!text) throw new Error(`no text for ${file}/${key}`);
  return sentence(text);
}
