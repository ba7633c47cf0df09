/**
 * Where text goes: a stream, its width, and whether it has colour. Nothing but our own colours reaches the terminal
 * as code.
 */
import { styleText } from 'node:util';
import { painted } from '../visible.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan' | 'inverse';

export interface Screen {
  columns: number;
  colour: boolean;
  /** Results, to stdout. */
  line(text?: string): void;
  /** Progress and remarks, to stderr. */
  aside(text: string): void;
  /** Progress that the next one overwrites; only on a terminal. */
  transient(text: string): void;
  paint(style: Style, text: string): string;
}

const WIDEST = 100;
const NARROWEST = 40;

export function openScreen({ colour, quiet = false }: { colour: boolean; quiet?: boolean }): Screen {
  let pending = false;
  const clear = () => {
    if (pending) process.stderr.write('\r\u001b[K');
    pending = false;
  };
  const width = process.stdout.columns ?? process.stderr.columns ?? 80;
  return {
    columns: Math.max(NARROWEST, Math.min(width, WIDEST)),
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
      if (quiet || !process.stderr.isTTY) return;
      clear();
      process.stderr.write(painted(text, { colour }));
      pending = true;
    },
    // Whether there is colour was decided already; styleText would ask the environment again.
    paint: (style, text) =>
      colour && text !== '' ? styleText(style, text, { validateStream: false }) : text,
  };
}

/** Colour is for terminals, and never where NO_COLOR is set (no-color.org) or TERM is dumb. */
export function wantsColour(env: NodeJS.ProcessEnv, option: boolean | undefined): boolean {
  if (option === false || env.NO_COLOR || env.PGLAB_NO_COLOR || env.TERM === 'dumb') return false;
  return process.stdout.isTTY === true;
}
