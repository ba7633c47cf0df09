/**
 * What makes a workshop of this machine come back as it was: its id, its secret, its ports. It lies beside the board's folder
 * and not in it: who deletes the folder loses what the board kept, which all seats send again, and not the workshop.
 *
 *     HOME/workshops/docker-3f2a.json       the ticket, 0600
 *     HOME/workshops/docker-3f2a/           board.jsonl, board.state, lock
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isPort, isSlug } from '../names.ts';
import { makeOwnFolder, nameBeside, readOwn } from '../own-files.ts';
import { homeTrouble } from '../trouble.ts';

export interface Ticket {
  id: string;
  name: string;
  lab: string;
  /** 64 hex digits; all keys come of it. */
  secret: string;
  /** The lab's steps in their order, with their titles by language. */
  steps: { id: string; title: Record<string, string> }[];
  /** Seats of a group at most. */
  seats: number;
  /** Where seats come in; an empty host is every address. */
  listen: { host: string; port: number };
  /** Where the verbs of this machine ask, on 127.0.0.1; 0: not known yet. */
  apiPort: number;
  /** Where several boards keep what they have, without a password; null: in the folder. */
  store: string | null;
  /** Who has the code for it may watch the board from another machine. */
  assistants: boolean;
  /** The address that participants were told, to say when it is no more. */
  shownAddress: string | null;
  /** RFC 3339; seven days after it was closed it goes. */
  closedAt: string | null;
}

const SECRET_BYTES = 32;

export function workshopsFolder(home: string): string {
  return join(home, 'workshops');
}

export function boardFolder(home: string, id: string): string {
  return join(workshopsFolder(home), id);
}

export function newTicket(
  asked: Pick<Ticket, 'name' | 'lab' | 'steps' | 'seats' | 'listen' | 'store'> & { assistants?: boolean },
): Ticket {
  const word = asked.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 24);
  return {
    assistants: false,
    ...asked,
    id: `${word === '' ? 'workshop' : word}-${randomBytes(3).toString('hex')}`.replace('--', '-'),
    secret: randomBytes(SECRET_BYTES).toString('hex'),
    apiPort: 0,
    shownAddress: null,
    closedAt: null,
  };
}

/** Writes it whole and flushed, or not at all. */
export function writeTicket(home: string, ticket: Ticket): void {
  const folder = workshopsFolder(home);
  const file = fileOf(home, ticket.id);
  const aside = nameBeside(file);
  try {
    makeOwnFolder(folder);
    writeFileSync(aside, `${JSON.stringify(ticket)}\n`, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(aside, file);
    flush(folder);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw homeTrouble(file, cause);
  }
}

/** All of this home, and none where there is no folder for them. One that cannot be read is left out. */
export function readTickets(home: string): Ticket[] {
  const folder = workshopsFolder(home);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && isSlug(name.slice(0, -5)));
  return names.flatMap((name) => readTicket(home, name.slice(0, -5)) ?? []);
}

export function readTicket(home: string, id: string): Ticket | null {
  try {
    const ticket = ticketFrom(readOwn(fileOf(home, id)).toString('utf8'));
    return ticket?.id === id ? ticket : null;
  } catch {
    return null;
  }
}

/** Null: the text is none. */
export function ticketFrom(text: string): Ticket | null {
  try {
    const ticket: Ticket = JSON.parse(text);
    return isTicket(ticket) ? ticket : null;
  } catch {
    return null;
  }
}

/** The workshop that is open: the newest, if somebody copied a ticket. */
export function openTicket(home: string): Ticket | null {
  return readTickets(home).find(({ closedAt }) => closedAt === null) ?? null;
}

/** The open one, else the one that was closed last. */
export function newestTicket(home: string): Ticket | null {
  const order = ({ closedAt }: Ticket) => closedAt ?? '9';
  return readTickets(home).sort((a, b) => (order(a) < order(b) ? 1 : -1))[0] ?? null;
}

const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** When what a closed workshop's board has is deleted, RFC 3339; null: it is open. */
export function goesAt({ closedAt }: Ticket): string | null {
  return closedAt === null ? null : new Date(Date.parse(closedAt) + KEPT_MS).toISOString();
}

/** Deletes what was closed seven days ago: it told of people, and has told it. `now`: milliseconds. */
export function forgetOld(home: string, now: number): void {
  for (const { id, closedAt } of readTickets(home))
    if (closedAt !== null && now - Date.parse(closedAt) >= KEPT_MS) removeWorkshop(home, id);
}

/** Removes a workshop of this home with all that its board kept. */
export function removeWorkshop(home: string, id: string): void {
  rmSync(boardFolder(home, id), { recursive: true, force: true });
  rmSync(fileOf(home, id), { force: true });
}

function fileOf(home: string, id: string): string {
  return join(workshopsFolder(home), `${id}.json`);
}

function isTicket(ticket: Ticket): boolean {
  const { name, lab, steps, secret, seats, listen, apiPort } = ticket;
  return (
    isSlug(ticket.id) &&
    typeof name === 'string' &&
    typeof ticket.assistants === 'boolean' &&
    isSlug(lab) &&
    Array.isArray(steps) &&
    /^[0-9a-f]{64}$/.test(secret) &&
    Number.isSafeInteger(seats) &&
    typeof listen.host === 'string' &&
    isPort(listen.port) &&
    isPort(apiPort)
  );
}

function flush(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
