import { emptyResult } from '../../report/result.ts';
import { Usage } from '../../trouble.ts';
import { visible } from '../../visible.ts';
import { MOST } from '../../workshop/protocol.ts';
import { courierStatus } from '../../workshop/seat/courier-status.ts';
import { seatStanding, tellSeat } from '../../workshop/seat/seat-journal.ts';
import { startCourier } from '../../workshop/seat/start-courier.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { ownSeat } from './own-seat.ts';
import { goneOnLine } from './seat-told.ts';

/** Raises the hand, or takes it down. It is journaled here, and told when the board can be reached. */
export async function hand(
  desk: Desk,
  words: readonly string[],
  { down }: { down: boolean },
): Promise<number> {
  const { settings, content, screen } = desk;
  const { home } = settings;
  const { seat } = ownSeat(desk);
  const text = words.join(' ').trim() || null;
  if (down && text !== null) throw new Usage('workshop-hand-down-text');
  if (text !== null && ([...text].length > MOST.handCharacters || visible(text) !== text))
    throw new Usage('workshop-hand-text', { most: MOST.handCharacters });
  const { hand: before, lastGroup } = seatStanding(home);
  const isSame = down ? before === null : before !== null && before.text === text;
  if (!isSame) await tellSeat(home, seat.workshop.lab, [{ type: 'hand', up: !down, text }]);
  startCourier(home);
  const isConnected = courierStatus(home)?.connected ?? false;
  const told = { hand: down ? null : { text }, connected: isConnected };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: told }, () => {
    screen.line(content.say('messages', down ? 'workshop-hand-down' : 'workshop-hand-up'));
    if (lastGroup > seat.epoch) screen.line(goneOnLine(desk, seat.epoch, lastGroup));
    else if (!isConnected) screen.line(content.say('messages', 'workshop-told-later'));
  });
}
