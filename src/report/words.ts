/** Puts a verdict into words of the learner's language: the same ones for every output. */

import type { Judged } from '../journal/events.ts';
import { type Content, fillOpen, type SharedFile, type StepText } from '../lab/content.ts';
import type { Values } from '../values.ts';

export interface Words {
  title: string;
  expected: string;
  observed: string;
  /** Why it is so and how to go on; null for what is met. */
  why: string | null;
  goOn: string | null;
  note: string | null;
}

/**
 * How long something took, in seconds.
 *
 * @example secondsOf(812) // '0.8'
 */
export function secondsOf(durationMs: number): string {
  return durationMs < 50 ? '<0.1' : (durationMs / 1000).toFixed(1);
}

export function wordsOf(judged: Judged, content: Content, step: StepText, values: Values): Words {
  const known: Values = content.named({ ...values, ...judged.values });
  const say = (file: SharedFile, key: string, field: string) => {
    const text = content.find(file, key, field);
    return text === null ? null : fillOpen(text, known, field);
  };
  const title = fillOpen(step.checks.get(judged.id) ?? judged.id, known);
  const expected = say('checks', judged.kind, 'expected') ?? title;
  const note = judged.note === null ? null : say('notes', judged.note, 'text');
  known.note = note ?? '';
  if (judged.finding === null) {
    const observed = say('checks', judged.kind, 'seen') ?? '';
    // What was said already is not said twice.
    return { title, expected, observed, why: null, goOn: null, note: observed === note ? null : note };
  }
  const key = judged.finding;
  return {
    title,
    expected,
    observed: say('findings', key, 'seen') ?? say('troubles', key, 'message') ?? key,
    why: say('findings', key, 'why'),
    goOn: say('findings', key, 'go') ?? say('troubles', key, 'fix'),
    note,
  };
}
