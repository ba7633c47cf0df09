/** Where to go on after a step: the same step again, the next one that is open, or nowhere, where all are done. */
import type { MessageKey } from '../content-keys.ts';
import { isOpen } from '../journal/step-standing.ts';
import { allDone } from '../report/all-done.ts';
import type { Values } from '../values.ts';
import type { Drawing } from './drawing.ts';

interface From {
  step: string;
  isOver: boolean;
  byHand: boolean;
  /** What fills the sentences about this very step. */
  about: Values;
}

export function onFromHere(
  { lab, content, stem, standing: standingNow }: Pick<Drawing, 'lab' | 'content' | 'stem' | 'standing'>,
  { step, isOver, byHand, about }: From,
): readonly string[] {
  const ids = lab.steps.map(({ id }) => id);
  const standing = standingNow();
  const next = ids.find((id) => id !== step && isOpen(standing.step(id)));
  const say = (walked: MessageKey, typed: MessageKey, values: Values) =>
    content.say('messages', byHand ? typed : walked, values);
  if (!isOver) return [say('again-is', 'again-by-hand', about)];
  if (next) return [say('next-is', 'next-by-hand', { title: content.title(stem(next)), step: next })];
  return allDone(content, ids, standing);
}
