/** What a seat hears of its board: each word goes into the seat's journal first, and then counts. */
import type { JournalEvent } from '../../journal/events.ts';
import { isWordOfLab } from '../../names.ts';
import { visibleValue } from '../../visible.ts';
import type { Heard } from '../protocol.ts';
import type { Seat } from './seat-file.ts';
import { changeSeat, seatStanding, tellSeat } from './seat-journal.ts';

/** The event that keeps a word; null: it is not for this seat. */
function eventOf(heard: Exclude<Heard, { type: 'beat' }>, seat: number): JournalEvent | null {
  const { id } = heard;
  switch (heard.type) {
    case 'said':
      return { type: 'said', id, text: visibleValue(heard.text, { lines: true }) };
    case 'pace':
      return { type: 'pace', id, step: heard.step !== null && isWordOfLab(heard.step) ? heard.step : null };
    case 'hand':
      return {
        type: 'hand-seen',
        id,
        state: heard.state,
        by: heard.by === null ? null : visibleValue(heard.by),
      };
    case 'renamed':
      return { type: 'renamed', id, name: visibleValue(heard.name) };
    case 'reset-wanted': {
      const isMeant = heard.seats === 'all' || heard.seats.includes(seat);
      return isMeant ? { type: 'reset-wanted', id, epoch: heard.epoch } : null;
    }
    case 'closing':
    case 'removed':
      return { type: 'seat-ended', id, why: heard.type };
  }
}

/** Keeps a word in the seat's journal, and what follows of it in the seat file; one that was heard before, not again. */
export async function hear(home: string, seat: Seat, heard: Exclude<Heard, { type: 'beat' }>): Promise<void> {
  if (heard.id <= seatStanding(home).heard) return;
  const event = eventOf(heard, seat.seat);
  if (event === null) return;
  await tellSeat(home, seat.workshop.lab, [event]);
  if (event.type === 'renamed')
    await changeSeat(home, (file) =>
      file.now === null ? file : { ...file, now: { ...file.now, name: event.name } },
    );
  if (event.type === 'seat-ended') await endSeat(home);
}

/** Nobody hears this seat any more, from now on. */
export async function endSeat(home: string): Promise<void> {
  await changeSeat(home, (file) =>
    file.ended === null ? { ...file, ended: new Date().toISOString() } : file,
  );
}
