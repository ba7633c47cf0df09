/** A run that was named and is not there is begun, and that is said: its name may have been mistyped. */
import { runFolder, runsOf } from '../home.ts';
import { archivedIn } from '../journal/passes.ts';
import { wrap } from '../wrap.ts';
import type { Desk } from './desk.ts';

/** So many of the runs that are there are named. */
const NAMED = 8;

/** `begins`: this verb begins it; else it stays absent. Says nothing where there is no other run that could be meant. */
export function sayIfNew(desk: Desk, { begins }: { begins: boolean }): void {
  const { settings, run, reading, content, screen } = desk;
  if (settings.run === null || run === null || reading.standing.begun !== null) return;
  const there = runsOf(settings.home).filter((other) => other !== run);
  if (there.length === 0 || archivedIn(runFolder(settings.home, run)).length > 0) return;
  const others = [...there.slice(0, NAMED), ...(there.length > NAMED ? ['…'] : [])].join(', ');
  const text = content.say('messages', begins ? 'run-begins' : 'run-absent', { run, others });
  for (const line of wrap(text, screen.columns)) screen.aside(line);
}
