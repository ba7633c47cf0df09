/** How a machine gets a seat: it asks who is there, in clear text, and joins with the key that the code gives. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { archive } from '../../journal/passes.ts';
import { packageVersion } from '../../package-root.ts';
import { Trouble } from '../../trouble.ts';
import { joinIdentity, joinKey } from '../codes.ts';
import { type Hello, type Joined, type Joining, PROTOCOL } from '../protocol.ts';
import { helloIn, joinedIn, refusedIn } from './board-answers.ts';
import { type Answer, BoardLink, NoAnswer } from './board-link.ts';
import { HomeJournals } from './home-journals.ts';
import { pauseBefore } from './retry.ts';
import {
  type EarlierSeat,
  NO_SEAT,
  readAddress,
  type Seat,
  type SeatFile,
  seatFolder,
  seatJournalFile,
} from './seat-file.ts';
import { changeSeat } from './seat-journal.ts';
import { SentLog } from './sent-log.ts';
import { linkOf } from './ways-to-board.ts';

const TRIES = 4;
/** Seats that this machine had before, of which something may be left to tell. */
const MOST_EARLIER = 8;

export interface JoinAsked {
  address: string;
  /** As `readCode` returns it. */
  code: string;
  name: string | null;
  seat: number | null;
  managed: boolean;
}

/** Who is there. Trouble `workshop-unreachable`, `workshop-not-a-board`, `workshop-protocol`. */
export async function helloOf(address: string): Promise<Hello> {
  const { host, port } = readAddress(address) as { host: string; port: number };
  const link = new BoardLink({ host, port, credentials: null });
  try {
    const answer = await triedAgain(() => link.ask('GET', '/hello'), address);
    const hello = answer.status === 200 ? helloIn(answer.body) : null;
    if (hello === null) throw new Trouble('workshop-not-a-board', { address });
    if (hello.protocol !== PROTOCOL)
      throw new Trouble('workshop-protocol', { board: hello.pglab, own: packageVersion() });
    return hello;
  } finally {
    link.close();
  }
}

/**
 * Gets a seat of this workshop and writes it down. Killed at any point and tried again, it is the same seat. Trouble as for
 * `helloOf`, and `workshop-refused` with the board's word.
 */
export async function join(home: string, asked: JoinAsked, hello: Hello): Promise<SeatFile> {
  const { workshop, epoch } = hello;
  const begun = await changeSeat(home, (file) => begunJoin(file, workshop, epoch));
  const nonce = begun.joining?.nonce ?? '';
  const joined = await askForSeat(home, asked, hello, nonce);
  return sitDown(home, { address: asked.address, managed: asked.managed, nonce, joined });
}

interface Seating {
  address: string;
  managed: boolean;
  nonce: string;
  joined: Joined;
}

/** Writes the seat down. What was heard and said in another seat is put away with it. */
async function sitDown(home: string, seating: Seating): Promise<SeatFile> {
  const journals = new HomeJournals(home);
  journals.refresh();
  return changeSeat(home, (file) => {
    const after = seated(file, seating, journals, seatFolder(home));
    const own = seatJournalFile(home);
    if (file.now?.key !== after.now?.key && existsSync(own)) archive(own);
    return after;
  });
}

async function askForSeat(home: string, asked: JoinAsked, hello: Hello, nonce: string): Promise<Joined> {
  const { address, code } = asked;
  const { host, port } = readAddress(address) as { host: string; port: number };
  const identity = joinIdentity(code, hello.workshop, hello.epoch);
  const key = await joinKey(code, hello.workshop, hello.epoch);
  const link = new BoardLink({ host, port, credentials: { identity, key } });
  try {
    const body: Joining = { nonce, pglab: packageVersion(), ...own(asked) };
    new SentLog(home).add(address, '/api/1/seats', body);
    const answer = await triedAgain(() => link.ask('POST', '/api/1/seats', body), address);
    const joined = answer.status === 200 ? joinedIn(answer.body) : null;
    if (joined === null) throw refusal(answer, address);
    return joined;
  } finally {
    link.close();
  }
}

function own({ name, seat, managed }: JoinAsked): Pick<Joining, 'name' | 'seat' | 'managed'> {
  return { name, seat, managed };
}

/** A board that lost its disk gives the seat again, by the seat's own key. */
export async function joinAgain(home: string, address: string, own: Seat): Promise<Answer> {
  const { nonce, name, seat, managed } = own;
  const body: Joining = { nonce, pglab: packageVersion(), name, seat, managed };
  const link = linkOf(own, address);
  try {
    new SentLog(home).add(address, '/api/1/seats', body);
    return await link.ask('POST', '/api/1/seats', body);
  } finally {
    link.close();
  }
}

/** Takes a machine of the room into the next group. Returns whether there is one yet. */
export async function nextSeat(home: string, address: string, seat: Seat): Promise<boolean> {
  const answer = await joinAgain(home, address, seat);
  const joined = answer.status === 200 ? joinedIn(answer.body) : null;
  if (joined === null || joined.epoch <= seat.epoch) return false;
  await sitDown(home, { address, managed: true, nonce: seat.nonce, joined });
  return true;
}

function refusal({ status, body }: Answer, address: string): Trouble {
  const refused = refusedIn(body);
  if (refused === 'locked') return new Trouble('workshop-locked', { address });
  if (refused === 'full') return new Trouble('workshop-full', { address });
  if (refused === 'removed') return new Trouble('workshop-removed', { address });
  if (refused === 'closed') return new Trouble('workshop-is-closed', { address });
  return new Trouble('workshop-refused', { address, why: refused || String(status) });
}

/** A wrong code ends the handshake: no answer is one, and tells no more than that. */
async function triedAgain(ask: () => Promise<Answer>, address: string): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await ask();
      if ((answer.status !== 429 && answer.status !== 503) || tries >= TRIES) return answer;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (isWrongKey(error)) throw new Trouble('workshop-wrong-code', { address }, { cause: error });
      if (tries >= TRIES)
        throw new Trouble('workshop-unreachable', { address, why: error.message }, { cause: error });
    }
    await delay(pauseBefore(tries));
  }
}

/** What a handshake ends with where both ends have not the same key. */
export function isWrongKey({ cause }: NoAnswer): boolean {
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  return /ssl|tls|psk|decrypt|alert/i.test(`${code} ${message}`);
}

/** Its nonce is written down before anybody is asked; that of a seat which it has already, or left, is taken again. */
function begunJoin(file: SeatFile, workshop: string, epoch: number): SeatFile {
  const isMeant = (each: { epoch: number } | null, id: string | undefined) =>
    each?.epoch === epoch && id === workshop;
  if (isMeant(file.joining, file.joining?.workshop)) return file;
  const isOwn = isMeant(file.now, file.now?.workshop.id);
  const nonce = isOwn && file.now ? file.now.nonce : randomBytes(16).toString('hex');
  return { ...file, joining: { workshop, epoch, nonce } };
}

function seated(
  file: SeatFile,
  { address, managed, nonce, joined }: Seating,
  journals: HomeJournals,
  seatsOwn: string,
): SeatFile {
  const { seat, epoch, name, key, workshop } = joined;
  const was = file.now;
  const isSame = was !== null && was.key === key;
  const isNextGroup = was !== null && was.workshop.id === workshop.id;
  const addresses = [address, ...(isNextGroup ? was.addresses.filter((each) => each !== address) : [])];
  const before = isSame ? was.before : notOf(journals, isNextGroup, seatsOwn);
  const now: Seat = { workshop, epoch, seat, name, key, nonce, managed, addresses, before };
  const earlier =
    isSame || was === null || file.left ? file.earlier : [...file.earlier, earlierOf(was, journals)];
  return { ...NO_SEAT, now, earlier: earlier.slice(-MOST_EARLIER) };
}

/** What was put away before is not this group's; after a group of the same workshop, nothing that is there. */
function notOf(journals: HomeJournals, isNextGroup: boolean, seatsOwn: string): string[] {
  const isPutAway = (file: string) => basename(file).includes('.archived.') || dirname(file) === seatsOwn;
  return [...journals.streams()].flatMap(([id, { file }]) => (isNextGroup || isPutAway(file) ? [id] : []));
}

function earlierOf(seat: Seat, journals: HomeJournals): EarlierSeat {
  const own = [...journals.streams()].filter(([id, { last }]) => !seat.before.includes(id) && last > 0);
  return { ...seat, journals: Object.fromEntries(own.map(([id, { last }]) => [id, last])) };
}
