/**
 * Ten thousand seats on two boards that share a Postgres, without the network before them: its address is in
 * `PGLAB_TEST_STORE`, its password in `PGLAB_STORE_PASSWORD`.
 */
import { Committing } from '../../../src/workshop/board/committing.ts';
import type { BoardRecord } from '../../../src/workshop/records.ts';
import { Room } from '../../../src/workshop/room/room.ts';
import { openPostgresStore } from '../../../src/workshop/store/postgres-store.ts';
import { newTicket, type Ticket } from '../../../src/workshop/ticket.ts';
import { STEPS } from '../../e2e/board-of-test.ts';
import { spread, tell } from './figures.ts';
import { recordsOf } from './full-log.ts';

const SEATS = 10_000;
const LINES = 20;
const AT_ONCE = 500;

async function boardOf(ticket: Ticket) {
  const { PGLAB_TEST_STORE: url = '', PGLAB_STORE_PASSWORD: password = null } = process.env;
  const store = await openPostgresStore({ url, password, workshop: ticket.id, ticket: '{}' });
  const room = new Room(STEPS, Date.now());
  const found = { records: 0, lines: 0 };
  const commits = new Committing(store, {
    stored(records) {
      found.records += records.length;
      for (const record of records) if (record.type === 'range') found.lines += record.to - record.after;
      for (const record of records) room.take(record);
    },
    ...{ kept: () => null, recalled: () => {}, lost: () => process.exit(2) },
  });
  await commits.replay();
  const unfollow = store.follow((records) => commits.takeFromOthers(records));
  const end = () => {
    unfollow();
    return store.close();
  };
  return { commits, found, room, end };
}

/** Each seat by one board, in its order. */
async function told(commits: Committing, records: readonly BoardRecord[], took: number[]): Promise<void> {
  for (let at = 0; at < records.length; at += AT_ONCE)
    await Promise.all(
      records.slice(at, at + AT_ONCE).map(async (record) => {
        const begun = performance.now();
        await commits.commit(() => ({ records: [record], answer: null }));
        took.push(performance.now() - begun);
      }),
    );
}

export async function tenThousand(): Promise<void> {
  const listen = { host: '127.0.0.1', port: 0 };
  const asked = { name: 'Many', lab: 'postgres-in-docker', steps: STEPS, seats: SEATS, listen, store: null };
  const ticket = newTicket(asked);
  const records = [...recordsOf(ticket, SEATS, LINES)];
  const boards = [await boardOf(ticket), await boardOf(ticket)];
  const ofBoard = (number: number) =>
    records.filter((each) => ('seat' in each ? each.seat % 2 : 0) === number);
  const took: number[] = [];
  const begun = performance.now();
  await Promise.all(boards.map(({ commits }, at) => told(commits, ofBoard(at), took)));
  const seconds = (performance.now() - begun) / 1_000;
  const back = performance.now();
  const third = await boardOf(ticket);
  const backMs = performance.now() - back;
  const { lines } = third.found;
  if (lines !== SEATS * LINES || third.room.view(Date.now()).seats.length !== SEATS)
    throw new Error(`${lines} of ${SEATS * LINES} lines are stored`);
  for (const board of [...boards, third]) await board.end();
  const rate = Math.round((SEATS * LINES) / seconds);
  const found = `${lines} lines at ${rate} a second, each once, ${spread(took)}; a third board knows all after ${Math.round(backMs)} ms`;
  tell(`${SEATS} seats on two boards with one Postgres`, found, 'all stored');
}
