/** The words of a hint: the same for `pglab hint` and for a learner who works by hand. */

import type { Judged } from '../journal/events.ts';
import type { Standing } from '../journal/standing.ts';
import { type Content, fillOpen, placeholdersOf, type StepText } from '../lab/content.ts';
import { inPlace } from '../lab/filling.ts';
import { joined } from '../lab/languages.ts';
import type { Step } from '../lab/model.ts';
import type { Service } from '../lab/service.ts';
import { shownAdditions } from '../lab/shown.ts';
import { filledOpen, templateOf } from '../lab/template.ts';
import type { Values } from '../values.ts';

/** Findings that say no more than that nothing was done yet: the step's own first hint says more. */
const NOTHING_YET = /^(no-container|container-removed|never-)/;

/** What a hint is about. */
interface Told {
  /** 1 to 3. */
  level: number;
  /** What a check found wrong, if one did. */
  finding: Judged | null;
  values: Values;
  service: Service | undefined;
}

/** The three hints are of rising help; where a check found something, the first one is about that. */
export function hintText(
  content: Content,
  { hints }: StepText,
  { level, finding, values, service }: Told,
): string {
  if (level === 1 && finding?.finding) {
    const { seen = '', why = '' } = content.entries('findings').get(finding.finding) ?? {};
    if (seen && why) return fillOpen(joined(content.language, seen, why), { ...values, ...finding.values });
  }
  const text = hints[level - 1] ?? '';
  return filledHint(text, values, placesIn(text, content), service);
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

/** The first check of a step, in its order, that was found wrong when it was last judged. */
export function lastFinding(standing: Standing, step: Step): Judged | null {
  const { verdicts } = standing.step(step.id);
  const inOrder = step.checks.flatMap(({ id }) => verdicts.get(id) ?? []);
  return (
    inOrder.find(
      ({ outcome, finding }) => outcome === 'not-met' && finding !== null && !NOTHING_YET.test(finding),
    ) ?? null
  );
}
