import { emptyResult } from '../../report/result.ts';
import { Trouble } from '../../trouble.ts';
import { openTicket, readTickets, removeWorkshop } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { storePassword } from './store-password.ts';

/** Deletes the workshops of this home that are closed, also where boards share a store, now and not seven days later. */
export async function forgetWorkshop(desk: Desk): Promise<number> {
  const { home } = desk.settings;
  const closed = readTickets(home).filter(({ closedAt }) => closedAt !== null);
  const open = openTicket(home);
  if (closed.length === 0)
    throw open === null
      ? new Trouble('workshop-none')
      : new Trouble('workshop-other-open', { name: open.name });
  for (const { id, store: url } of closed) {
    // What cannot be deleted there keeps its ticket here: it is deleted when it is asked for again.
    if (url !== null) {
      const { forgetInStore } = await import('../../workshop/store/asking-store.ts');
      await forgetInStore({ url, password: storePassword(desk) }, id);
    }
    removeWorkshop(home, id);
  }
  const ids = closed.map(({ id }) => id);
  return printed(desk, emptyResult(desk.folders.id, null), { workshop: { forgotten: ids } }, () =>
    desk.screen.line(desk.content.say('messages', 'workshop-forgotten', { id: ids.join(' ') })),
  );
}
