/** Shows once what the instructor said, to who goes on with the lab, and asks for the reset that is wished for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seatFolder, writeWhole } from '../../workshop/seat/seat-file.ts';
import { seatStanding } from '../../workshop/seat/seat-journal.ts';
import type { Desk } from '../desk.ts';
import { paceLine } from './seat-told.ts';

/** The numbers of the words that were shown. */
interface Shown {
  said: number;
  pace: number;
  reset: number;
}

/** Returns an exit code where the learner agreed to a reset, and the verb is done with. */
export async function showHeard(desk: Desk): Promise<number | null> {
  const { content, screen, settings } = desk;
  const { said, pace, resetWanted } = seatStanding(settings.home);
  if (settings.format !== 'text') return null;
  const before = readShown(settings.home);
  const isNew = (word: { id: number } | null, last: number) => word !== null && word.id > last;
  if (said !== null && isNew(said, before.said))
    screen.aside(content.say('messages', 'workshop-said', { text: said.text }));
  if (pace !== null && isNew(pace, before.pace)) screen.aside(paceLine(desk, pace.step));
  if (resetWanted !== null) screen.aside(content.say('messages', 'workshop-reset-wanted'));
  const isAsked = settings.interactive && isNew(resetWanted, before.reset);
  const now = {
    said: said?.id ?? 0,
    pace: pace?.id ?? 0,
    reset: isAsked ? (resetWanted?.id ?? 0) : before.reset,
  };
  if (JSON.stringify(now) !== JSON.stringify(before))
    writeWhole(shownFile(settings.home), JSON.stringify(now));
  return isAsked ? askedForReset(desk) : null;
}

/** No: the lab goes on, and nobody is asked again. */
async function askedForReset(desk: Desk): Promise<number | null> {
  const { confirm } = await import('../../terminal/ask.ts');
  if (!(await confirm(desk, desk.content.say('messages', 'workshop-ask-reset')))) return null;
  const { resetSeat } = await import('./reset-seat.ts');
  return resetSeat(desk, { adopted: false });
}

function shownFile(home: string): string {
  return join(seatFolder(home), 'shown.json');
}

function readShown(home: string): Shown {
  const none = { said: 0, pace: 0, reset: 0 };
  try {
    const told = JSON.parse(readFileSync(shownFile(home), 'utf8')) as Partial<Shown>;
    return { said: Number(told.said) || 0, pace: Number(told.pace) || 0, reset: Number(told.reset) || 0 };
  } catch {
    return none;
  }
}
