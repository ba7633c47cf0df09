import { formatted } from '../report/formats.ts';
import type { Result } from '../report/result.ts';
import type { Desk } from './desk.ts';

/** For verbs that judge nothing: text, or the envelope with one key of the verb's own name. */
export function printed(
  { settings }: Pick<Desk, 'settings'>,
  result: Result,
  extra: object,
  text: () => void,
): number {
  if (settings.format === 'text') text();
  else process.stdout.write(`${formatted('json', result, extra)}\n`);
  return 0;
}
