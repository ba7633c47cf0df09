import { isProof } from '../../journal/seat-standing.ts';
import { emptyResult } from '../../report/result.ts';
import { Cancelled, Trouble, Usage } from '../../trouble.ts';
import { seatStanding, tellSeat } from '../../workshop/seat/seat-journal.ts';
import { startCourier } from '../../workshop/seat/start-courier.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { reset } from '../reset.ts';
import { lookForLeftOver } from './left-over.ts';
import { ownSeat } from './own-seat.ts';

/**
 * Takes away what all runs of this home made, looks again with a connection of its own, and journals what it found: that
 * is the seat's proof. 0: nothing is left; 1: something is. Trouble of the reset is thrown on, once it is journaled.
 */
export async function resetSeat(desk: Desk, { adopted }: { adopted: boolean }): Promise<number> {
  const { settings, content, screen } = desk;
  const { seat } = ownSeat(desk);
  if (!settings.yes && !settings.interactive) throw new Usage('reset-needs-yes');
  const trouble = await tried(desk, adopted);
  const { resetWanted } = seatStanding(settings.home);
  const found = await lookForLeftOver(settings, trouble);
  const proof = { epoch: resetWanted?.epoch ?? seat.epoch, asked: resetWanted?.id ?? 0, ...found };
  await tellSeat(settings.home, seat.workshop.lab, [{ type: 'proved', ...proof }]);
  startCourier(settings.home);
  if (trouble !== null) throw trouble;
  if (found.trouble !== null) throw new Trouble('workshop-not-looked', { why: found.trouble });
  const { containers, volumes, networks, folders } = found.left;
  const isProved = isProof(found);
  const told = { proved: isProved, left: found.left, engine: found.engine };
  printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: told }, () => {
    const values = { containers, volumes, networks, folders };
    screen.line(content.say('messages', isProved ? 'workshop-proved' : 'workshop-left-over', values));
  });
  return isProved ? 0 : 1;
}

/** Runs the reset as the verb does, in text alone: its JSON would be a second one. Returns its trouble. */
async function tried(desk: Desk, adopted: boolean): Promise<Trouble | null> {
  try {
    await reset(quiet(desk), [], { allRuns: true, adopted, dryRun: false, home: null });
    return null;
  } catch (error) {
    if (error instanceof Usage || error instanceof Cancelled || !(error instanceof Trouble)) throw error;
    return error;
  }
}

function quiet(desk: Desk): Desk {
  const { reading } = desk;
  return { ...desk, reading, settings: { ...desk.settings, format: 'text' } };
}
