/** The seat that this home has, for verbs that need one. */
import { Trouble } from '../../trouble.ts';
import { readSeat, type Seat, type SeatFile } from '../../workshop/seat/seat-file.ts';
import type { Desk } from '../desk.ts';

export interface OwnSeat {
  file: SeatFile;
  seat: Seat;
}

/** Trouble `workshop-no-seat` where this machine takes part in no workshop. */
export function ownSeat({ settings }: Pick<Desk, 'settings'>): OwnSeat {
  const file = readSeat(settings.home);
  if (file.now === null || file.left) throw new Trouble('workshop-no-seat');
  return { file, seat: file.now };
}
