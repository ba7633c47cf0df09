/** What is said when no step is open any more. */
import { tallyOf } from '../journal/predictions.ts';
import type { Standing } from '../journal/standing.ts';
import type { Content } from '../lab/content.ts';

/** How often it came out as the learner said, if they said something; and what there is to do now. */
export function allDone(content: Content, steps: readonly string[], standing: Standing): string[] {
  const { right, of } = tallyOf(steps, standing);
  const tally = of === 0 ? [] : [content.say('messages', 'tally', { right, of })];
  // With the command that removes what the learner has made, where they have.
  const done = standing.tries.size > 0 ? 'all-done-by-hand' : 'all-done';
  return [...tally, content.say('messages', done), content.say('messages', 'way-back')];
}
