/**
 * The board's own program, which `workshop open` starts and which goes on when that verb has ended:
 * `node board-process.js HOME ID`. It tells its parent once whether it serves, or why it cannot.
 */
import { join } from 'node:path';
import { bundledLabs } from './lab/find.ts';
import { packageVersion } from './package-root.ts';
import { messageOf, Trouble } from './trouble.ts';
import { startBoard } from './workshop/board/board.ts';
import { openDeskApi } from './workshop/board/desk-api.ts';
import type { BoardSays } from './workshop/board/starting-board.ts';
import { instructorToken } from './workshop/codes.ts';
import { joinLine } from './workshop/join-line.ts';
import { kitRoutes } from './workshop/kit/kit-routes.ts';
import { qrSvg } from './workshop/kit/qr.ts';
import type { Store } from './workshop/records.ts';
import { FOLD, Room } from './workshop/room/room.ts';
import { openSite } from './workshop/site/open-site.ts';
import { openLogStore } from './workshop/store/log-store.ts';
import { boardFolder, readTicket, type Ticket, writeTicket } from './workshop/ticket.ts';

const [home = '', id = ''] = process.argv.slice(2);
// The terminal that it was started from may close, and Ctrl-C is meant for others there.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('warning', () => {});
serve(home, id).then(
  () => tell({ is: 'ready' }),
  (error) => {
    tell(
      error instanceof Trouble
        ? { is: 'trouble', code: error.code, values: error.values }
        : { is: 'bug', stack: error?.stack ?? messageOf(error) },
      () => process.exit(2),
    );
  },
);

async function serve(home: string, id: string): Promise<void> {
  const ticket = readTicket(home, id);
  if (ticket === null) throw new Trouble('workshop-none', {});
  const store = await storeOf(home, ticket);
  const room = new Room(ticket.steps, Date.now());
  const lost = () => process.exit(2);
  const plain = kitRoutes(join(home, 'kit'));
  // Said while it runs, it counts at once.
  const ticketNow = () => readTicket(home, id) ?? ticket;
  const board = await startBoard({ ticket, store, room, version: packageVersion(), lost, plain, ticketNow });
  const end = () => board.stop().finally(() => process.exit(0));
  const token = instructorToken(Buffer.from(ticket.secret, 'hex'));
  const joinPicture = () => qrSvg(joinLine(ticket, room.epoch, { kind: 'scanned' }));
  const content = bundledLabs().find(({ id }) => id === ticket.lab)?.content ?? '';
  const site = await openSite(
    { board, room, join: () => joinLine(ticket, room.epoch), joinPicture },
    { folder: boardFolder(home, id), content },
  );
  const api = await openDeskApi({ board, room, token, port: ticket.apiPort, end, link: site.link });
  process.once('SIGTERM', end);
  writeTicket(home, { ...ticket, apiPort: api.port });
}

async function storeOf(home: string, ticket: Ticket): Promise<Store> {
  const { id: workshop, store: url, secret } = ticket;
  if (url === null)
    return openLogStore(boardFolder(home, workshop), { secret, by: `${packageVersion()} ${FOLD}` });
  const { openPostgresStore } = await import('./workshop/store/postgres-store.ts');
  const password = process.env.PGLAB_STORE_PASSWORD ?? null;
  return openPostgresStore({ url, password, workshop, ticket: JSON.stringify(ticket) });
}

/** The process that started it may have ended since. */
function tell(says: BoardSays, then: () => void = () => {}): void {
  if (!process.send) then();
  process.send?.(says, () => {
    if (process.connected) process.disconnect();
    then();
  });
}
