import { setTimeout as delay } from 'node:timers/promises';
import { openHome } from '../../home.ts';
import { Content } from '../../lab/content.ts';
import { LANGUAGES } from '../../lab/languages.ts';
import { isHeldByAnother } from '../../lock.ts';
import { isHost } from '../../names.ts';
import { Trouble, Usage } from '../../trouble.ts';
import { cleanText } from '../../workshop/board/asked.ts';
import { endBoard, standingOfBoard } from '../../workshop/board/asking-board.ts';
import { startBoardProcess } from '../../workshop/board/starting-board.ts';
import { putParcel } from '../../workshop/kit/kit-build.ts';
import { MOST } from '../../workshop/protocol.ts';
import {
  boardFolder,
  newTicket,
  openTicket,
  readTicket,
  type Ticket,
  ticketFrom,
  writeTicket,
} from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { instructorStanding } from './instructor-standing.ts';
import { builtKit, kitFolder } from './kit-verbs.ts';
import { storePassword } from './store-password.ts';

interface OpenOptions {
  seats: string | undefined;
  listen: string | undefined;
  /** A whole kit is put together first. */
  kit: boolean;
  store: string | undefined;
  /** Who has a code of its own may watch the board from another machine. */
  assistants: boolean;
}

const SEATS = 60;
const MOST_SEATS = 10_000;
const PORT = 8_750;
const LOOK_EVERY_MS = 50;

/** Opens a workshop; or takes up the one that is open, with its id, code, port and all that its board has. */
export async function openWorkshop(
  desk: Desk,
  words: readonly string[],
  options: OpenOptions,
): Promise<number> {
  const { home } = desk.settings;
  // Kit and workshops lie in it: in a folder for all they could be somebody else's.
  openHome(home);
  const asked = cleanText(words.join(' '), MOST.nameCharacters);
  const known = openTicket(home);
  if (known && asked !== null && asked !== known.name)
    throw new Trouble('workshop-other-open', { name: known.name });
  if (options.store !== undefined) checkStore(options.store);
  const password = storePassword(desk);
  const ticket = known ? changed(known, options) : await ticketFor(desk, asked, options, password);
  const folder = kitFolder(desk);
  if (options.kit) await builtKit(desk, folder);
  else await putParcel(folder);
  const standing = await standingOfBoard(ticket);
  const isElsewhere = known !== null && JSON.stringify(known.listen) !== JSON.stringify(ticket.listen);
  const isServing = standing !== null && !isElsewhere;
  if (standing !== null && isElsewhere) await endedBoard(home, ticket);
  // What the board that serves asks for anew: seats, and whether there are assistants.
  writeTicket(home, ticket);
  if (!isServing) {
    await startBoardProcess(home, ticket.id, password === null ? {} : { PGLAB_STORE_PASSWORD: password });
  }
  return instructorStanding(desk, readTicket(home, ticket.id) ?? ticket);
}

/** A new one; or that of a store which another board of the same workshop has already. */
async function ticketFor(
  desk: Desk,
  name: string | null,
  { seats, listen, store: named, assistants }: OpenOptions,
  password: string | null,
): Promise<Ticket> {
  const store = named ?? null;
  const at = listen === undefined ? { host: '', port: PORT } : checkedListen(listen);
  const shared = store === null ? null : await sharedTicket(store, password);
  if (shared !== null) return { ...shared, store, listen: at, assistants, apiPort: 0, shownAddress: null };
  const { folders, steps, stem } = desk;
  const contents = LANGUAGES.map((language) => new Content(language, folders.content));
  const titles = (id: string) =>
    Object.fromEntries(contents.map((content) => [content.language, content.title(stem(id))]));
  return newTicket({
    name: name ?? folders.id,
    lab: folders.id,
    steps: steps.map((id) => ({ id, title: titles(id) })),
    seats: seats === undefined ? SEATS : checkedSeats(seats),
    ...{ listen: at, store },
    assistants,
  });
}

async function sharedTicket(store: string, password: string | null): Promise<Ticket | null> {
  const { ticketInStore } = await import('../../workshop/store/asking-store.ts');
  return ticketFrom((await ticketInStore({ url: store, password })) ?? '');
}

function checkStore(store: string): void {
  const url = URL.canParse(store) ? new URL(store) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw new Usage('bad-store');
  if (url.password !== '' || url.searchParams.has('password')) throw new Usage('store-password');
}

/** It listens where it was told at its start; seats come back to the one that follows. */
async function endedBoard(home: string, ticket: Ticket): Promise<void> {
  await endBoard(ticket);
  while (isHeldByAnother(boardFolder(home, ticket.id))) await delay(LOOK_EVERY_MS);
}

/** With what is asked for anew. */
function changed(ticket: Ticket, { seats, listen, assistants }: OpenOptions): Ticket {
  return {
    ...ticket,
    assistants: ticket.assistants || assistants,
    ...(seats === undefined ? {} : { seats: checkedSeats(seats) }),
    ...(listen === undefined ? {} : { listen: checkedListen(listen) }),
  };
}

function checkedSeats(seats: string): number {
  const count = /^\d{1,5}$/.test(seats) ? Number(seats) : 0;
  if (count < 1 || count > MOST_SEATS) throw new Usage('bad-seats', { seats });
  return count;
}

/** `192.168.1.20`, `192.168.1.20:8751`, `[::]:8750`, `:8751` */
function checkedListen(listen: string): Ticket['listen'] {
  const [, inBrackets, plain = '', port = String(PORT)] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i.exec(listen) ?? [];
  const host = inBrackets ?? plain;
  const isOne = listen !== '' && (host === '' || isHost(host));
  if (!isOne || Number(port) < 1 || Number(port) > 65_535) throw new Usage('bad-listen', { listen });
  return { host, port: Number(port) };
}
