import { formatted, isForMachines } from '../report/formats.ts';
import type { Result } from '../report/result.ts';
import type { Desk } from './desk.ts';

/** For verbs that judge nothing: text, or the envelope with one key of the verb's own name. */
export function printed(
  { settings }: Pick<Desk, 'settings'>,
  result: Result,
  extra: object,
  text: () => void,
): number {
  if (!isForMachines(settings.format)) text();
  else process.stdout.write(`${formatted(settings.format, result, extra)}\n`);
  return 0;
}
