/** The words of a hint: the same for `pglab hint` and for a learner who works by hand. */

import type { Judged } from '../journal/events.ts';
import type { Standing } from '../journal/standing.ts';
import type { StepStanding } from '../journal/step-standing.ts';
import { type Content, fillOpen, placeholdersOf, type StepText } from '../lab/content.ts';
import { inPlace } from '../lab/filling.ts';
import { joined } from '../lab/languages.ts';
import type { Step } from '../lab/model.ts';
import type { Service } from '../lab/service.ts';
import { shownAdditions } from '../lab/shown.ts';
import { filledOpen, templateOf } from '../lab/template.ts';
import type { Values } from '../values.ts';
import { isAfterAnEnd, isMissed, isNothingDone, isNotYet, isOfPassword, isToBeEnded } from './not-yet.ts';

/** What a hint is about. */
interface Told {
  /** 1 to 3. */
  level: number;
  /** What a check found wrong, if one did. */
  finding: Judged | null;
  values: Values;
  service: Service | undefined;
}

/** The three hints are of rising help; what a check found comes before them, and in place of the first. */
export function hintText(
  content: Content,
  { hints }: StepText,
  { level, finding, values, service }: Told,
): string {
  const text = hints[level - 1] ?? '';
  const hint = filledHint(text, values, placesIn(text, content), service);
  const about = finding && aboutFinding(content, finding, values);
  if (!about) return hint;
  return level === 1 ? about : `${about}\n\n${hint}`;
}

/** What was found, why that is so, and the way on. */
function aboutFinding(content: Content, { finding, values: found }: Judged, values: Values): string | null {
  const { seen, why, go } = content.entries('findings').get(finding ?? '') ?? {};
  if (!seen || !why || !go) return null;
  const told = { ...values, ...found };
  const named = content.named(told);
  return [fillOpen(joined(content.language, seen, why), named), fillOpen(`→ ${go}`, named)].join('\n\n');
}

/** What stands in a fence is to be pasted: its values are quoted as a shell wants them. */
function filledHint(text: string, values: Values, places: Values, service?: Service): string {
  const lines = inPlace(text, values).split('\n');
  let isFenced = false;
  const done = lines.map((line) => {
    if (/^ *```/.test(line)) isFenced = !isFenced;
    return isFenced
      ? filledOpen(templateOf(line), values, shownAdditions(service), places)
      : fillOpen(line, { ...places, ...values });
  });
  return done.join('\n');
}

/** What stands for a container, and for its port, before there is one. */
function placesIn(text: string, content: Content): Values {
  const word = (name: string) => {
    if (name.endsWith('.short')) return [[name, content.say('messages', 'some-container')]];
    return name.endsWith('.port') ? [[name, content.say('messages', 'some-port')]] : [];
  };
  return Object.fromEntries(placeholdersOf(text).flatMap(word));
}

/** Of a step that was judged before: what its hints are about. */
export function lastFinding(standing: Standing, step: Step): Judged | null {
  return tellingFinding(step, standing.step(step.id));
}

/**
 * What is wrong, before what is only not done yet; the newest of it; and of what was found together what stands first in
 * the step: the rest mostly follows from that.
 */
export function tellingFinding(
  step: Step,
  { verdicts, toldAt }: Pick<StepStanding, 'verdicts' | 'toldAt'>,
): Judged | null {
  const all = step.checks.flatMap(({ id }) => verdicts.get(id) ?? []);
  const left = all.filter(({ outcome }) => outcome !== 'met');
  // Nothing goes before it any more; and whose window is closed can press no key in it.
  if (all.length === step.checks.length && left.every(isToBeEnded)) return left[0] ?? null;
  const found = all
    .filter((each) => each.finding !== null && (each.outcome === 'not-met' || isMissed(each)))
    .filter((each) => !isNothingDone(step, each) && !isToBeEnded(each));
  const mended = found.filter((each) => !isNotYet(step, each));
  const causes = mended.filter((each) => !isOfPassword(each));
  const wrong = causes.length > 0 ? causes : mended;
  const open = found.filter((each) => !isAfterAnEnd(each));
  const telling = wrong.length > 0 ? wrong : open.length > 0 ? open : found;
  const at = ({ id }: Judged) => toldAt.get(id)?.seq ?? 0;
  const lines = new Set(telling.map(at));
  let first = Math.max(...lines);
  while (lines.has(first - 1)) first -= 1;
  return telling.find((each) => at(each) >= first) ?? null;
}
