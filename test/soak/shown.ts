/** What a room is shown as: by JSON, in a terminal that stays open, and on the instructor's page in a browser. */

import xterm from '@xterm/headless';
import { spawn } from 'node-pty';
import { openBrowser } from '../e2e/browser.ts';
import { CLI } from '../e2e/lab.ts';
import type { Home } from './homes.ts';

/** By seat: how many steps are done. */
type Shown = Map<number, number>;

export interface Watching {
  shown(): Shown | Promise<Shown>;
  end(): unknown;
}

const ROWS = 120;

/** `pglab workshop board`, live. */
export function inTerminal(teacher: Home): Watching {
  const screen = new xterm.Terminal({ cols: 100, rows: ROWS, allowProposedApi: true });
  const env = { ...process.env, PGLAB_HOME: teacher.folder, LANG: 'C.UTF-8' } as Record<string, string>;
  const pty = spawn(process.execPath, [CLI, 'workshop', 'board'], { cols: 100, rows: ROWS, env });
  pty.onData((data) => screen.write(data));
  return {
    shown() {
      const lines = Array.from(
        { length: ROWS },
        (_, at) =>
          screen.buffer.active.getLine(screen.buffer.active.baseY + at)?.translateToString(true) ?? '',
      );
      const seats = lines.slice(lines.findLastIndex((line) => line.startsWith('SEATS')) + 1);
      return new Map(
        seats.flatMap((line) => {
          const seat = /^(\d+) /.exec(line)?.[1];
          return seat === undefined ? [] : [[Number(seat), line.split('●').length - 1] as const];
        }),
      );
    },
    end: () => pty.kill(),
  };
}

export async function onPage(teacher: Home): Promise<Watching> {
  const browser = await openBrowser();
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  await page.goto((await teacher.workshop()).page);
  return {
    async shown() {
      const rows = await page
        .locator('.rows li')
        .evaluateAll((all) =>
          (all as unknown as { querySelector(of: string): { textContent: string; ariaLabel: string } }[]).map(
            (row) =>
              [row.querySelector('.number').textContent, row.querySelector('.marks').ariaLabel] as const,
          ),
        );
      return new Map(rows.map(([seat, done]) => [Number(seat), Number(/(\d+)\//.exec(done)?.[1])]));
    },
    end: () => browser.close(),
  };
}

/** As scripts read it: by seat, what the steps say of all. */
export async function inJson(teacher: Home) {
  const { seats, steps } = await teacher.workshop('board', '--once');
  return { seats, done: steps.map(({ done }: { done: number }) => done) } as {
    seats: {
      seat: number;
      step: string | null;
      outcome: string;
      behind: number | null;
      state: string;
      sinceMs: number;
    }[];
    done: number[];
  };
}
