import { formatted } from '../report/formats.ts';
import type { Result } from '../report/result.ts';
import { Usage } from '../trouble.ts';
import type { Desk } from './desk.ts';

/**
 * For verbs that judge nothing: text, or the envelope with one key of the verb's own name. JUnit and
 * TAP have nothing to carry here, which is said rather than printed empty.
 */
export function printed(
  { settings }: Pick<Desk, 'settings'>,
  result: Result,
  extra: object,
  text: () => void,
): number {
  if (settings.format === 'text') text();
  else if (settings.format === 'json') process.stdout.write(`${formatted('json', result, extra)}\n`);
  else throw new Usage('format-judges', { format: settings.format, verb: Object.keys(extra)[0] ?? '' });
  return 0;
}
