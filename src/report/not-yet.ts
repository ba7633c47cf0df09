/** Which findings say no more than that something was not done yet, or is on its way: not yet is not wrong. */
import type { Judged } from '../journal/events.ts';
import type { Step } from '../lab/model.ts';

/** Nothing was done, or what was done is gone. */
const NOTHING_DONE = /^(no-container|container-removed|never-.*|not-tried)$/;

/** The next thing to do is not done, or a server is starting. */
const ON_ITS_WAY =
  /^(still-initialising|port-open-not-ready|still-running|not-removed|row-missing|row-written-since|never-changed|not-reloaded|no-recovery)$/;

/** Not said yet by a container that runs; one that has ended says no more. */
const MAY_BE_SAID = /^(ready-once|log-without-listen)$/;

/** What a step makes and what it needs from others before it: what is needed and not there has to be mended. */
type Needs = Pick<Step, 'needs'>;

/** Says no more than that nothing was done yet: the step's own hints say more. */
export function isNothingDone(
  { needs = [] }: Needs,
  { finding, values }: Pick<Judged, 'finding' | 'values'>,
): boolean {
  if (finding === null || !NOTHING_DONE.test(finding) || isMissed({ finding, values })) return false;
  return !(isGone(finding) && needs.includes(String(values.name)));
}

function isGone(finding: string): boolean {
  return finding === 'no-container' || finding === 'container-removed';
}

/** That the data is the container's own shows at its password as well: where a volume is wrong, that is the cause. */
export function isOfPassword({ finding }: Pick<Judged, 'finding'>): boolean {
  return finding === 'password-taken' || finding === 'password-changed';
}

/**
 * It was there and is gone, or it happened, before what was to be seen of it was seen: it cannot be told any more, and
 * is to be done again.
 */
export function isMissed({ finding, values }: Pick<Judged, 'finding' | 'values'>): boolean {
  return finding === 'gone-unseen' || (finding === 'never-watched' && values.past === 'yes');
}

/** Findings whose mend ends or removes something: told last, for a learner does first what is told first. */
const TO_BE_ENDED = /^(still-running|not-removed)$/;

/** Says no more than what is there when a step begins: how to go on from there is for the step's own hints. */
export function isToBeEnded({ finding }: Pick<Judged, 'finding'>): boolean {
  return finding !== null && TO_BE_ENDED.test(finding);
}

/** What only an end of something brings about: told after what is to be done before that end. */
export function isAfterAnEnd({ finding }: Pick<Judged, 'finding'>): boolean {
  return finding === 'no-recovery';
}

/** Whether a check that is not met may be so by and by, with nothing to be mended. */
export function isNotYet(step: Needs, check: Pick<Judged, 'outcome' | 'finding' | 'values'>): boolean {
  const { outcome, finding, values } = check;
  if (outcome === 'met' || finding === null) return false;
  if (isNothingDone(step, check) || ON_ITS_WAY.test(finding)) return true;
  return MAY_BE_SAID.test(finding) && values.status === 'running';
}
