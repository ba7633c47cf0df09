/** How a verb asks the board of this machine, on 127.0.0.1. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Trouble } from '../../trouble.ts';
import type { BoardNews } from '../board-schema.ts';
import { instructorToken } from '../codes.ts';
import { type Refused, type Through, TIMES } from '../protocol.ts';
import { readJson } from '../read-json.ts';
import type { Ticket } from '../ticket.ts';
import type { Bringing } from './asked.ts';
import type { BoardStanding } from './desk-api.ts';
import type { Act } from './instructing.ts';

/** A refusal of the board, with its word. */
export class BoardRefused extends Error {
  readonly refused: Refused['refused'];

  constructor(refused: Refused['refused']) {
    super(refused);
    this.refused = refused;
  }
}

/** How the board stands; null where none answers. */
export async function standingOfBoard(ticket: Ticket): Promise<BoardStanding | null> {
  if (ticket.apiPort === 0) return null;
  try {
    return (await ask(ticket, 'GET', '/api/1/board')) as BoardStanding;
  } catch (error) {
    if (error instanceof Trouble || error instanceof BoardRefused) return null;
    throw error;
  }
}

/** A link that opens the instructor's page, once. Trouble `workshop-no-board` where none answers. */
export async function pageLink(ticket: Ticket): Promise<string> {
  const { link } = (await ask(ticket, 'POST', '/api/1/link', {})) as { link?: unknown };
  if (typeof link !== 'string') throw new Trouble('workshop-no-board', { id: ticket.id });
  return link;
}

/** Trouble `workshop-no-board` where none answers; a `BoardRefused` where it does not do it. */
export async function tellBoard(ticket: Ticket, act: Act): Promise<{ id: number | null }> {
  return (await ask(ticket, 'POST', '/api/1/acts', act)) as { id: number | null };
}

/** Brings lines of a seat that came by a file. Returns how far the board has that journal. */
export async function bringToBoard(ticket: Ticket, brought: Bringing): Promise<Through> {
  return (await ask(ticket, 'POST', '/api/1/lines', brought)) as Through;
}

/** Ends the process of the board. */
export async function endBoard(ticket: Ticket): Promise<void> {
  await ask(ticket, 'POST', '/api/1/end', {});
}

/**
 * News of the board, as they come, and a null for each beat; ends where the board or the network does. Trouble
 * `workshop-no-board` where none answers.
 */
export async function* newsOfBoard(ticket: Ticket, signal: AbortSignal): AsyncGenerator<BoardNews | null> {
  const { apiPort: port, id } = ticket;
  const options = {
    host: '127.0.0.1',
    port,
    path: '/api/1/news',
    headers: headersOf(ticket),
    agent: false,
    signal,
  };
  let rest = '';
  try {
    const [response] = (await once(request({ ...options }).end(), 'response', { signal })) as [
      IncomingMessage,
    ];
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`);
    response.setTimeout(TIMES.silent, () => response.destroy());
    for await (const part of response.setEncoding('utf8')) {
      const events = `${rest}${part}`.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events)
        yield event.startsWith('event: news\ndata: ')
          ? JSON.parse(event.slice('event: news\ndata: '.length))
          : null;
    }
  } catch (cause) {
    if (!signal.aborted) throw new Trouble('workshop-no-board', { id }, { cause });
  }
}

function headersOf({ secret }: Ticket): Record<string, string> {
  return { authorization: `Bearer ${instructorToken(Buffer.from(secret, 'hex'))}` };
}

function ask(ticket: Ticket, method: string, path: string, body?: object): Promise<object> {
  const { apiPort: port, id } = ticket;
  const headers = { ...headersOf(ticket), 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const dead = (cause: unknown) => reject(new Trouble('workshop-no-board', { id }, { cause }));
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, timeout: TIMES.request },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part)).on('error', dead);
        response.on('end', () => {
          // Another program may have the port now, and say anything.
          const told: object = Object(readJson(Buffer.concat(parts).toString('utf8')));
          if (response.statusCode === 200) resolve(told);
          else reject(new BoardRefused((told as Refused).refused));
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.on('error', dead);
    asked.end(body && JSON.stringify(body));
  });
}
