import { resolve } from 'node:path';
import { listIn } from '../lab/languages.ts';
import { emptyResult } from '../report/result.ts';
import { wrap } from '../wrap.ts';
import { writeBundle } from './bundle.ts';
import type { Desk } from './desk.ts';
import { examine, type Finding } from './examination.ts';
import { printed } from './printed.ts';
import { finishUnread } from './signals.ts';

export interface DoctorOptions {
  /** A file to write: what a person sends with a bug. */
  bundle?: string | undefined;
}

/**
 * Looks at everything the lab needs, a line each with its mend. Exit 2 where it cannot run, also where nobody
 * reads on: `doctor | head -1` has found what it has found.
 */
export async function doctor(desk: Desk, options: DoctorOptions): Promise<number> {
  const stop = finishUnread();
  return examined(desk, options).finally(stop);
}

async function examined(desk: Desk, { bundle }: DoctorOptions): Promise<number> {
  const { content, screen } = desk;
  const lines: Finding[] = [];
  for await (const line of examine(desk)) {
    lines.push(line);
    if (desk.settings.format === 'text') drawFinding(desk, line);
  }
  const bad = lines.filter(({ state }) => state === 'bad');
  const outcome = bad.length > 0 ? ('unknown' as const) : ('met' as const);
  const holds = bundle === undefined ? null : await writeBundle(desk, bundle, lines);
  const told = holds === null ? { doctor: lines } : { bundle: { file: resolve(bundle ?? ''), holds } };
  printed(desk, { ...emptyResult(desk.folders.id, desk.run), outcome }, told, () => {
    screen.line();
    screen.line(
      content.say('messages', bad.length > 0 ? 'doctor-bad' : 'doctor-good', { count: bad.length }),
    );
    if (holds !== null)
      screen.line(
        content.say('messages', 'bundle-written', {
          file: resolve(bundle ?? ''),
          holds: listIn(content.language, holds),
        }),
      );
  });
  return bad.length > 0 ? 2 : 0;
}

export function drawFinding({ screen }: Desk, { what, state, text, fix }: Finding): void {
  const mark = {
    good: screen.paint('green', '✓'),
    note: screen.paint('yellow', '·'),
    bad: screen.paint('red', '✗'),
  }[state];
  const lines = wrap(text, screen.columns - 13);
  screen.line(`${mark} ${what.padEnd(9)}  ${lines[0] ?? ''}`);
  for (const rest of lines.slice(1)) screen.line(`${' '.repeat(13)}${rest}`);
  if (fix)
    for (const [at, line] of wrap(fix, screen.columns - 15).entries())
      screen.line(`${' '.repeat(13)}${at === 0 ? '→ ' : '  '}${line}`);
}
