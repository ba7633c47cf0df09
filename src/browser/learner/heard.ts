/** What a screen reader is told of a change of the page. */
import type { PageView } from '../../page/page-view.ts';
import { wordsFrom } from './say.ts';

/** Of several changes the one that matters most; null: none does. `textOf`: what is read of HTML. */
export function newsSince(
  before: PageView | null,
  now: PageView,
  textOf: (html: string) => string,
): string | null {
  if (before === null || before.step?.id !== now.step?.id) return now.step?.title ?? null;
  const say = wordsFrom(now.words);
  if (before.told === null && now.told !== null && now.step) {
    const { number, of } = now.step;
    return say('kicker-met', { number, of });
  }
  const hint = now.hints.given[before.hints.given.length];
  if (hint) return say('named', { what: say('hints'), is: textOf(hint.html) });
  if (before.progress === null && now.progress !== null) return now.progress.text;
  const was = new Map(before.checks.map((check) => [check.id, check.state]));
  const changed = now.checks.filter(({ id, state }) => state !== 'pending' && was.get(id) !== state);
  const told = changed.map(({ state, title, seen }) =>
    say('named', { what: say(`state-${state}`), is: seen === '' ? title : say('heard', { title, seen }) }),
  );
  if (told.length > 0) return told.join(' ');
  // Only the newest are kept.
  const notice = now.notices.at(-1) ?? null;
  return notice === (before.notices.at(-1) ?? null) ? null : notice;
}
