/** Verdicts on the terminal. */

import { asCalled } from '../called-as.ts';
import type { MessageKey } from '../content-keys.ts';
import type { Judged } from '../journal/events.ts';
import type { Content, StepText } from '../lab/content.ts';
import type { Step } from '../lab/model.ts';
import { type Words, wordsOf } from '../report/words.ts';
import type { Values } from '../values.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import { withCode } from './markdown.ts';
import type { Screen } from './screen.ts';

/** The label of a row, and what stands there; null: the row is left out. */
type Row = [MessageKey, string | null];

/** A line a check; what is not met gets expected, seen, why, where to see it, and how to go on. */
export function drawChecks(
  { screen, content }: { screen: Screen; content: Content },
  text: StepText,
  step: Step,
  judged: readonly Judged[],
  values: Values,
): void {
  const inOrder = step.checks.flatMap(({ id }) => judged.find((each) => each.id === id) ?? []);
  const worded = inOrder.map((each) => ({
    each,
    words: wordsOf(each, content, text, { ...values, step: step.id }),
  }));
  const widest = Math.max(0, ...worded.map(({ words }) => widthOf(words.title)));
  screen.line();
  const said = new Set<string>();
  for (const { each, words } of worded) {
    if (each.outcome === 'met') {
      drawMet(screen, words, widest);
      continue;
    }
    const unknown = each.outcome === 'unknown';
    screen.line(`${screen.paint(unknown ? 'yellow' : 'red', unknown ? '?' : '✗')} ${words.title}`);
    const reasons: Row[] = [
      ['seen', words.observed],
      ['why', words.why],
      ['see-it', asCalled(each.evidence) || null],
      ['go-on', words.goOn],
    ];
    // One cause often fails several checks; it is told once.
    const isSaid = said.has(String(reasons));
    said.add(String(reasons));
    const told: Row[] = isSaid ? [['seen', content.say('messages', 'as-above')]] : reasons;
    drawRows({ screen, content }, [['expected', words.expected], ...told]);
  }
}

/** What is known of a check that is not met, each beside its label. */
function drawRows({ screen, content }: { screen: Screen; content: Content }, rows: readonly Row[]): void {
  const labels = rows.map(([key]) => content.say('messages', key));
  const column = Math.max(...labels.map(widthOf)) + 2;
  for (const [at, [key, value]] of rows.entries()) {
    if (value === null) continue;
    // What is to be copied is one line, however narrow the window.
    const lines = key === 'see-it' ? [value] : wrap(value, screen.columns - column - 2);
    for (const [row, line] of lines.entries()) {
      const label = padded(row === 0 ? (labels[at] as string) : '', column);
      screen.line(`  ${screen.paint('dim', label)}${withCode(screen, line)}`);
    }
  }
}

/** A tick, a title and what was seen: side by side where there is room. `widest`: of all titles. */
function drawMet(screen: Screen, { title, observed, note }: Words, widest: number): void {
  const mark = screen.paint('green', '✓');
  const sideBySide = widest + 30 <= screen.columns;
  const indent = sideBySide ? widest + 4 : 4;
  if (!sideBySide) screen.line(`${mark} ${title}`);
  for (const [at, line] of wrap(observed, screen.columns - indent).entries()) {
    const head = sideBySide && at === 0 ? `${mark} ${padded(title, widest)}  ` : ' '.repeat(indent);
    screen.line(head + screen.paint('dim', line));
  }
  if (!note) return;
  for (const line of wrap(note, screen.columns - 4)) screen.line(`    ${screen.paint('yellow', line)}`);
}
