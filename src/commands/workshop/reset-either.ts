import { Usage } from '../../trouble.ts';
import { openTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import type { OwnOptions } from '../verb.ts';

/** Where a workshop of this home is open, it asks seats for a reset; else it resets the seat that this machine has. */
export async function reset(desk: Desk, words: readonly string[], options: OwnOptions): Promise<number> {
  const { next = false, proof, adopted = false } = options;
  const ticket = openTicket(desk.settings.home);
  if (ticket !== null)
    return (await import('./reset-workshop.ts')).resetWorkshop(desk, ticket, words, { next, proof });
  if (words.length > 0 || next || proof !== undefined) throw new Usage('workshop-none');
  return (await import('./reset-seat.ts')).resetSeat(desk, { adopted });
}
