import type { MessageKey } from '../content-keys.ts';
import { messageOf } from '../trouble.ts';

type Why = Extract<MessageKey, `why-${string}`>;

/** Why an archive is not taken: the key of its words in content/messages.*.md; `entry`: what in the archive that is about. */
export class OddArchive extends Error {
  readonly why: Why;
  readonly entry: string;

  constructor(why: Why, entry = '') {
    super(`${why} ${entry}`.trim());
    this.name = 'OddArchive';
    this.why = why;
    this.entry = entry;
  }
}

/** As values of trouble `load-failed`; what a program or the system said stays in its own words. */
export function whyOdd(cause: unknown): { why: string; entry: string } {
  return cause instanceof OddArchive
    ? { why: cause.why, entry: cause.entry }
    : { why: messageOf(cause), entry: '' };
}
