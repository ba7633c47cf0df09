import { Content } from '../../lab/content.ts';
import { LANGUAGES } from '../../lab/languages.ts';
import { isHost } from '../../names.ts';
import { Trouble, Usage } from '../../trouble.ts';
import { cleanText } from '../../workshop/board/asked.ts';
import { standingOfBoard } from '../../workshop/board/asking-board.ts';
import { startBoardProcess } from '../../workshop/board/starting-board.ts';
import { putParcel } from '../../workshop/kit/kit-build.ts';
import { MOST } from '../../workshop/protocol.ts';
import { newTicket, openTicket, readTicket, type Ticket, writeTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { instructorStanding } from './instructor-standing.ts';
import { builtKit, kitFolder } from './kit-verbs.ts';

interface OpenOptions {
  seats: string | undefined;
  listen: string | undefined;
  /** A whole kit is put together first. */
  kit: boolean;
}

const SEATS = 60;
const MOST_SEATS = 10_000;
const PORT = 8_750;

/** Opens a workshop; or takes up the one that is open, with its id, code, port and all that its board has. */
export async function openWorkshop(
  desk: Desk,
  words: readonly string[],
  options: OpenOptions,
): Promise<number> {
  const { home } = desk.settings;
  const asked = cleanText(words.join(' '), MOST.nameCharacters);
  const known = openTicket(home);
  if (known && asked !== null && asked !== known.name)
    throw new Trouble('workshop-other-open', { name: known.name });
  const ticket = known ? changed(known, options) : ticketFor(desk, asked, options);
  const folder = kitFolder(desk);
  if (options.kit) await builtKit(desk, folder);
  else await putParcel(folder);
  const isServing = (await standingOfBoard(ticket)) !== null;
  if (!isServing) {
    writeTicket(home, ticket);
    await startBoardProcess(home, ticket.id);
  }
  return instructorStanding(desk, readTicket(home, ticket.id) ?? ticket);
}

function ticketFor(desk: Desk, name: string | null, { seats, listen }: OpenOptions): Ticket {
  const { folders, steps, stem } = desk;
  const contents = LANGUAGES.map((language) => new Content(language, folders.content));
  const titles = (id: string) =>
    Object.fromEntries(contents.map((content) => [content.language, content.title(stem(id))]));
  return newTicket({
    name: name ?? folders.id,
    lab: folders.id,
    steps: steps.map((id) => ({ id, title: titles(id) })),
    seats: seats === undefined ? SEATS : checkedSeats(seats),
    listen: listen === undefined ? { host: '', port: PORT } : checkedListen(listen),
    store: null,
  });
}

/** What is asked for anew counts from the board's next start on. */
function changed(ticket: Ticket, { seats, listen }: OpenOptions): Ticket {
  return {
    ...ticket,
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
