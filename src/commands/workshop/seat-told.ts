import { emptyResult } from '../../report/result.ts';
import { type CourierStatus, courierStatus } from '../../workshop/seat/courier-status.ts';
import { seatStanding } from '../../workshop/seat/seat-journal.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { ownSeat } from './own-seat.ts';

/** How this seat stands: connected?, what the board has not yet, the hand, what was said. It asks no network. */
export async function seat(desk: Desk): Promise<number> {
  const { settings, content, screen } = desk;
  const { seat: own, file } = ownSeat(desk);
  const standing = seatStanding(settings.home);
  const status = courierStatus(settings.home);
  const { hand, said, pace, resetWanted, lastGroup } = standing;
  const told = {
    ...{ seat: own.seat, name: own.name, id: own.workshop.id, workshop: own.workshop.name, group: own.epoch },
    ...{
      managed: own.managed,
      connected: status?.connected ?? false,
      address: status?.address ?? own.addresses[0],
    },
    ...{ behind: status?.more ?? null, trouble: status?.trouble ?? null, ended: file.ended },
    hand: hand && { text: hand.text, sinceMs: sinceMs(hand.at), takenBy: hand.takenBy },
    ...{ said: said?.text ?? null, pace: pace?.step ?? null, resetWanted: resetWanted !== null },
  };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: told }, () => {
    const values = { seat: own.seat, name: own.name, workshop: own.workshop.name, group: own.epoch };
    screen.line(content.say('messages', 'workshop-seat', values));
    if (file.ended !== null) return screen.line(endedLine(desk, standing.ended?.why));
    for (const line of wayLines(desk, status)) screen.line(line);
    if (lastGroup > own.epoch) screen.line(goneOnLine(desk, own.epoch, lastGroup));
    if (hand !== null) screen.line(handLine(desk, hand));
    if (said !== null) screen.line(content.say('messages', 'workshop-said', { text: said.text }));
    if (pace !== null) screen.line(paceLine(desk, pace.step));
    if (resetWanted !== null) screen.line(content.say('messages', 'workshop-reset-wanted'));
  });
}

/** How it is about the way to the board, a sentence each. */
function wayLines({ content }: Desk, status: CourierStatus | null): string[] {
  const say = content.say.bind(content, 'messages');
  const address = status?.address ?? '';
  if (status === null) return [say('workshop-no-courier')];
  const way = say(status.connected ? 'workshop-connected' : 'workshop-away', { address });
  const more = say(status.more === 0 ? 'workshop-has-all' : 'workshop-behind', { count: status.more });
  const trouble = status.trouble === 'twice' ? 'workshop-twice' : 'workshop-courier-trouble';
  return [way, more, ...(status.trouble === null ? [] : [say(trouble, { why: status.trouble })])];
}

function endedLine({ content }: Desk, why: 'closing' | 'removed' | undefined): string {
  return content.say('messages', why === 'removed' ? 'workshop-seat-removed' : 'workshop-ended');
}

/** The next group is here, and this seat belongs to the one before it. */
export function goneOnLine({ content }: Desk, group: number, next: number): string {
  return content.say('messages', 'workshop-gone-on', { group, next });
}

function handLine(
  { content }: Desk,
  { at, isTaken, takenBy }: { at: string; isTaken: boolean; takenBy: string | null },
): string {
  const minutes = Math.round(sinceMs(at) / 60_000);
  const by = takenBy ?? content.say('messages', 'workshop-instructor');
  return content.say('messages', isTaken ? 'workshop-hand-taken' : 'workshop-hand-since', { minutes, by });
}

/** Where the room is. */
export function paceLine({ content, steps, stem }: Desk, step: string | null): string {
  if (step === null) return content.say('messages', 'workshop-pace-open');
  const at = steps.indexOf(step);
  const title = at < 0 ? step : content.title(stem(step));
  return content.say('messages', 'workshop-pace', { number: at + 1, title, step });
}

function sinceMs(at: string): number {
  return Math.max(0, Date.now() - Date.parse(at));
}
