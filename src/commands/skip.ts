import { emptyResult } from '../report/result.ts';
import { Usage } from '../trouble.ts';
import { checkedStep, type Desk } from './desk.ts';
import { openRun } from './open-run.ts';
import { printed } from './printed.ts';

/** What fits in a row of `list`, in characters. */
const LONGEST_REASON = 120;

/**
 * Leaves a step out, with the reason that stays in list and report; `undo` takes that back. Nothing else makes a
 * step skipped: what pglab cannot tell is unknown.
 */
export async function skip(
  desk: Desk,
  [name, ...rest]: readonly string[],
  { undo }: { undo: boolean },
): Promise<number> {
  const { content, screen } = desk;
  if (name === undefined) throw new Usage('no-step-to-skip');
  const step = checkedStep(desk, name);
  const words = rest.join(' ').trim();
  if (words.length > LONGEST_REASON) throw new Usage('reason-too-long', { most: LONGEST_REASON });
  const reason = words === '' ? null : words;
  const open = await openRun(desk);
  try {
    const { journal } = open;
    const before = journal.standing.step(step);
    const isSkipped = before.outcome === 'skipped';
    const isMet = before.outcome === 'met';
    if (undo && isSkipped) journal.append({ type: 'unskipped', step, reason });
    if (!undo && !isMet) journal.append({ type: 'skipped', step, reason });
    const { outcome } = journal.standing.step(step);
    const key = undo ? (isSkipped ? 'skip-undone' : 'skip-was-not') : isMet ? 'skip-is-met' : 'skip-done';
    return printed(desk, emptyResult(desk.folders.id, open.run), { skip: { step, outcome, reason } }, () =>
      screen.line(content.say('messages', key, { step })),
    );
  } finally {
    open.close();
  }
}
