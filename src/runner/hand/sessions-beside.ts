/**
 * Sessions of processes that look on: `check` in a second terminal asks the very server at which the process that has the
 * run waits for a visit of the learner's. Each tells of its own in a file of the run's folder, one letter after another.
 */
import { closeSync, constants, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openOwn, readOwn } from '../../own-files.ts';
import type { RunContext } from '../ground/context.ts';
import { hearing } from './hearing.ts';

/** A question is about to be asked; it reached nobody; it was refused. One that was answered has no second letter. */
const LETTERS = { asks: 'a', lost: 'l', refused: 'r' } as const;

/** As it was given, but each session of it is told to the process that has the run. */
export function toldBeside(context: RunContext): RunContext {
  const tell = (letter: string) => {
    try {
      const descriptor = openOwn(
        fileOf(context),
        constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
      );
      writeSync(descriptor, letter);
      closeSync(descriptor);
    } catch {
      // A full disk: who only looks says what it sees all the same.
    }
  };
  return hearing(context, {
    // Before the server can count it: told later, it would be a visit of the learner's until then.
    asks: () => tell(LETTERS.asks),
    heard: (heard) => {
      if (heard !== 'answered') tell(LETTERS[heard]);
    },
  });
}

/** How many of them reached a server, and how many were refused. */
export function sessionsBeside(context: RunContext): { own: number; refused: number } {
  let told = '';
  try {
    told = readOwn(fileOf(context)).toString('latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const times = (letter: string) => told.split(letter).length - 1;
  const refused = times(LETTERS.refused);
  return { own: times(LETTERS.asks) - times(LETTERS.lost) - refused, refused };
}

function fileOf({ folder }: RunContext): string {
  return join(folder, 'looked-on');
}
