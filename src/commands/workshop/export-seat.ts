/** What this seat has for its board, written to a file: to be carried there where the network does not. */
import { join, resolve } from 'node:path';
import { makeFolder } from '../../own-files.ts';
import { emptyResult } from '../../report/result.ts';
import { messageOf, Trouble } from '../../trouble.ts';
import { MOST_OUTBOX, type Outbox, sealedOutbox } from '../../workshop/outbox.ts';
import { HomeJournals } from '../../workshop/seat/home-journals.ts';
import type { Desk } from '../desk.ts';
import { written } from '../out-file.ts';
import { printed } from '../printed.ts';
import { ownSeat } from './own-seat.ts';

/** Trouble `workshop-no-seat` where this machine takes part in no workshop. */
export async function exportSeat(desk: Desk, to: string): Promise<number> {
  const { settings, content, screen } = desk;
  const { seat } = ownSeat(desk);
  const journals = new HomeJournals(settings.home);
  journals.refresh();
  const own = [...journals.streams()].filter(([journal]) => !seat.before.includes(journal));
  const outbox: Outbox = {
    ...{ v: 1, workshop: seat.workshop.id, epoch: seat.epoch, seat: seat.seat, nonce: seat.nonce },
    streams: own.map(([journal, { lines }]) => ({ journal, lines })),
  };
  const file = join(resolve(to), `${seat.workshop.id}-seat-${seat.seat}.json`);
  const sealed = sealedOutbox(outbox, Buffer.from(seat.key, 'hex'));
  if (sealed.length > MOST_OUTBOX) throw new Trouble('out-unwritable', { file, why: `> ${MOST_OUTBOX}` });
  try {
    makeFolder(resolve(to));
  } catch (cause) {
    throw new Trouble('out-unwritable', { file, why: messageOf(cause) }, { cause });
  }
  written(file, sealed);
  const lines = own.reduce((sum, [, tail]) => sum + tail.lines.length, 0);
  return printed(desk, emptyResult(seat.workshop.lab, null), { workshop: { file, lines } }, () =>
    screen.line(content.say('messages', 'workshop-exported-seat', { file })),
  );
}
