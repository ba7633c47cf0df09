/** The words of a hint: the same for the command and for whoever works by hand. */
import { type Content, fillOpen, type StepText } from '../lab/content.ts';
import type { Step, Values } from '../lab/model.ts';
import type { JournalLine, Judged } from '../runner/events.ts';

/** Findings that say no more than that nothing was done yet: the step's own first hint says more. */
const NOTHING_YET = /^(no-container|container-removed|never-)/;

/** The three hints are of rising help; where a check found something, the first one is about that. */
export function hintText(
  content: Content,
  { hints }: StepText,
  level: number,
  finding: Judged | null,
  values: Values,
): string {
  if (level === 1 && finding?.finding) {
    const { seen = '', why = '' } = content.entries('findings').get(finding.finding) ?? {};
    const stop = content.language === 'zh' ? '。' : '. ';
    if (seen && why) return fillOpen(`${seen}${stop}${why}`, { ...values, ...finding.values });
  }
  return fillOpen(hints[level - 1] ?? '', values);
}

/** The first check of a step, in its order, that was found wrong when it was last judged. */
export function lastFinding(events: readonly JournalLine[], step: Step): Judged | null {
  const last = new Map<string, Judged>();
  for (const event of events) {
    if (event.type === 'judged' && event.step === step.id) last.set(event.check.id, event.check);
  }
  const inOrder = step.checks.flatMap(({ id }) => last.get(id) ?? []);
  return (
    inOrder.find(
      ({ outcome, finding }) => outcome === 'not-met' && finding !== null && !NOTHING_YET.test(finding),
    ) ?? null
  );
}
