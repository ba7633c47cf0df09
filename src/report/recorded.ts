/** How a run stands by its journal, as a result: what `list` gives to machines. Nothing is judged anew. */
import type { Standing } from '../journal/standing.ts';
import { type Content, fillOpen } from '../lab/content.ts';
import { worstOf } from '../outcome.ts';
import { emptyResult, type Result, type StepResult } from './result.ts';
import { wordsOf } from './words.ts';

/** `stem`: the name of a step's text, without its language. A step that has not ended is skipped, and says so. */
export function recordedResult(
  { lab, run, steps }: { lab: string; run: string | null; steps: readonly string[] },
  standing: Standing,
  content: Content,
  stem: (step: string) => string,
): Result {
  const recorded = steps.map((id) => recordedStep(id, standing, content, stem(id)));
  const outcome = worstOf(recorded.map((step) => step.outcome));
  return { ...emptyResult(lab, run), outcome, steps: recorded };
}

function recordedStep(id: string, standing: Standing, content: Content, stem: string): StepResult {
  const { outcome, reason, durationMs, atEnd, skipped } = standing.step(id);
  const nothing = { commands: [], checks: [] };
  if (outcome === null) {
    const notYet = content.say('messages', 'not-yet');
    return { id, outcome: 'skipped', reason: notYet, durationMs: 0, ...nothing };
  }
  // The reason of a skip is the learner's own words, and no key of the notes.
  if (outcome === 'skipped' && skipped)
    return { id, outcome, reason: skipped.reason, durationMs: 0, ...nothing };
  const text = content.step(stem);
  const values = { ...standing.told, ...standing.values, step: id };
  const checks = [...text.checks.keys()].flatMap((check) => {
    const verdict = atEnd.get(check);
    if (!verdict) return [];
    const { expected, observed } = wordsOf(verdict, content, text, values);
    const { outcome: judged, finding, note, evidence } = verdict;
    return [{ id: check, outcome: judged, expected, observed, finding, note, evidence }];
  });
  const why =
    reason === null ? null : fillOpen(content.find('notes', reason) ?? reason, content.named(values));
  return { ...{ id, outcome, reason: why, durationMs: durationMs ?? 0 }, ...nothing, checks };
}
