/**
 * What each verb does on a machine that takes part in a workshop: it sees to it that the courier is under way, and says once
 * what the instructor said. It asks no network, and reads two small files.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SeatStanding } from '../../journal/seat-standing.ts';
import { Trouble } from '../../trouble.ts';
import { readSeat, type SeatFile, seatFolder, writeWhole } from '../../workshop/seat/seat-file.ts';
import { seatStanding } from '../../workshop/seat/seat-journal.ts';
import { startCourier } from '../../workshop/seat/start-courier.ts';
import type { Desk } from '../desk.ts';
import { paceLine } from './seat-told.ts';

/** What a workshop left here goes so long after its end. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Verbs that a learner goes on with: they show what is said, and ask. */
const GOING_ON = /^(pglab|next|run|check)$/;

/** Returns an exit code where the verb has been done with, as by a reset that the learner agreed to. */
export async function atWorkshop(desk: Desk, verb: string): Promise<number | null> {
  try {
    const { home } = desk.settings;
    const seat = readSeat(home);
    if (isForgotten(seat)) rmSync(seatFolder(home), { recursive: true, force: true });
    if (seat.now === null || seat.left || seat.ended !== null) return null;
    startCourier(home);
    if (!GOING_ON.test(verb)) return null;
    return await shown(desk, seatStanding(home));
  } catch (error) {
    // A seat that cannot be read keeps nobody from the lab; the verbs of the workshop say what it is.
    if (error instanceof Trouble && /^(workshop-seat-file|home-|not-a-file|run-)/.test(error.code))
      return null;
    throw error;
  }
}

function isForgotten({ ended }: SeatFile): boolean {
  return ended !== null && Date.now() - Date.parse(ended) > KEPT_MS;
}

/** The numbers of the words that were shown. */
interface Shown {
  said: number;
  pace: number;
  reset: number;
}

async function shown(desk: Desk, { said, pace, resetWanted }: SeatStanding): Promise<number | null> {
  const { content, screen, settings } = desk;
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
