/**
 * Where text goes: a stream, its width, and whether it has colour. Nothing but our own colours reaches the terminal
 * as code.
 */
import { styleText } from 'node:util';
import { painted } from '../visible.ts';
import { clipped, widthOf } from '../wrap.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan' | 'inverse';

export interface Screen {
  /** As wide as the window is now. */
  readonly columns: number;
  colour: boolean;
  /** Results, to stdout. */
  line(text?: string): void;
  /** Progress and remarks, to stderr. */
  aside(text: string): void;
  /** Progress that the next one overwrites; nothing where `isLive` is false. */
  transient(text: string): void;
  /**
   * Lines that stay at the end of the screen, a row each, until the next ones: whatever is written meanwhile goes above
   * what comes then. Nothing where `isLive` is false.
   */
  live(lines: readonly string[]): void;
  /** Whether lines can be drawn over: stderr is a terminal that moves its cursor. */
  isLive: boolean;
  paint(style: Style, text: string): string;
}

const WIDEST = 100;
const NARROWEST = 40;

function widthNow(): number {
  return process.stdout.columns || process.stderr.columns || 80;
}

export function openScreen({ colour, quiet = false }: { colour: boolean; quiet?: boolean }): Screen {
  /** Widths of the rows that the next text overwrites. */
  let pending: number[] = [];
  /** What stands at the end of the screen, so that it can be drawn again. */
  let standing: readonly string[] = [];
  const clear = () => {
    // A window that has become narrower has wrapped them.
    const rows = pending.reduce((sum, each) => sum + Math.max(1, Math.ceil(each / widthNow())), 0);
    if (rows > 1) process.stderr.write(`\u001b[${rows - 1}A`);
    if (rows > 0) process.stderr.write('\r\u001b[J');
    [pending, standing] = [[], []];
  };
  const isLive = !quiet && process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  const screen: Screen = {
    get columns() {
      return Math.max(NARROWEST, Math.min(widthNow(), WIDEST));
    },
    colour,
    line(text = '') {
      clear();
      if (!quiet) process.stdout.write(`${painted(text, { colour })}\n`);
    },
    aside(text) {
      clear();
      if (!quiet) process.stderr.write(`${painted(text, { colour })}\n`);
    },
    transient(text) {
      if (!isLive) return;
      clear();
      process.stderr.write(painted(text, { colour }));
      pending = [widthOf(painted(text, { colour }))];
    },
    live(lines) {
      if (!isLive) return;
      clear();
      const end = colour ? '\u001b[0m' : '';
      // What has scrolled away cannot be drawn over.
      const seen = lines.slice(-Math.max(1, (process.stderr.rows || lines.length + 1) - 1));
      // A row may fill the last column: a terminal wraps only where a letter follows, and a carriage return does.
      const rows = seen.map((line) => clipped(painted(line, { colour }), widthNow()) + end);
      process.stderr.write(rows.join('\r\n'));
      pending = rows.map(widthOf);
      standing = lines;
    },
    isLive,
    // Whether there is colour was decided already; styleText would ask the environment again.
    paint: (style, text) =>
      colour && text !== '' ? styleText(style, text, { validateStream: false }) : text,
  };
  // After Ctrl-Z and `fg` the shell's own lines stand there: ours go below, and none of them is drawn over.
  if (isLive)
    process.on('SIGCONT', () => {
      pending = [];
      screen.live(standing);
    });
  return screen;
}

/** Colour is for terminals, and never where NO_COLOR is set (no-color.org) or TERM is dumb. */
export function wantsColour(env: NodeJS.ProcessEnv, option: boolean | undefined): boolean {
  if (option === false || env.NO_COLOR || env.PGLAB_NO_COLOR || env.TERM === 'dumb') return false;
  return process.stdout.isTTY === true;
}
