/**
 * What the verbs of the board's own machine ask of it: on 127.0.0.1 alone, with a word that only who may read the ticket has.
 *
 *     GET  /api/1/board      BoardStanding
 *     GET  /api/1/news       BoardNews, one an event (SSE)
 *     POST /api/1/link       { link }: it opens the instructor's page, once
 *     POST /api/1/acts       Act → { id }
 *     POST /api/1/lines      Bringing → Through: lines of a seat that came by a file
 *     POST /api/1/end        {}: the board's process ends
 */
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BoardView } from '../board-schema.ts';
import type { Room } from '../room/room.ts';
import { bringingFrom } from './asked.ts';
import type { Board } from './board.ts';
import { answer, answerRefusal, bodyOf } from './bodies.ts';
import { Refusal } from './deciding.ts';
import { actFrom } from './instructing.ts';
import { tellNews } from './telling-news.ts';

/** How a board stands. */
export interface BoardStanding {
  /** Its process. */
  pid: number;
  /** Where seats come in. */
  port: number;
  epoch: number;
  isLocked: boolean;
  /** Seats of a group at most. */
  most: number;
  /** Lines that are stored, of all groups. */
  stored: number;
  /** By seat of this group, also of those that left: lines that the board has not; null: nobody knows. */
  behind: { seat: number; name: string; more: number | null; hasLeft: boolean; managed: boolean }[];
  /** Why nothing can be stored now. */
  trouble: string | null;
  board: BoardView;
  /** Of the last reset that was asked for; null: none was. */
  proof: ReturnType<Room['proof']>;
}

export interface DeskApi {
  port: number;
  stop(): void;
}

interface Given {
  board: Board;
  room: Room;
  token: string;
  /** The port that it had before, if that is free; 0: any. */
  port: number;
  end(): void;
  /** Opens the instructor's page, once. */
  link(): string;
}

export async function openDeskApi(given: Given): Promise<DeskApi> {
  const server = createServer((request, response) => {
    route(given, server.address() as AddressInfo, request, response).catch((error) =>
      answerRefusal(request, response, error),
    );
  });
  server.on('clientError', (_, socket) => socket.destroy());
  for (const port of [given.port, 0]) {
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      break;
    } catch (error) {
      if (port === 0) throw error;
    }
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function route(
  given: Given,
  { port }: AddressInfo,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page of somebody else's may have our address under a name of its own, and sends an origin.
  const isHere = request.headers.host === `127.0.0.1:${port}` && request.headers.origin === undefined;
  if (!isHere || !isToken(request.headers.authorization ?? '', given.token))
    throw new Refusal(403, 'not-yours');
  switch (`${request.method} ${request.url}`) {
    case 'GET /api/1/board':
      return answer(response, 200, standingOf(given));
    case 'GET /api/1/news':
      return tellNews(given.board, response);
    case 'POST /api/1/link':
      return answer(response, 200, { link: given.link() });
    case 'POST /api/1/acts': {
      const act = actFrom(await bodyOf(request));
      if (act === null) throw new Refusal(400, 'bad-request');
      return answer(response, 200, await given.board.act(act));
    }
    case 'POST /api/1/lines': {
      const brought = bringingFrom(await bodyOf(request));
      if (brought === null) throw new Refusal(400, 'bad-request');
      return answer(response, 200, await given.board.bring(brought));
    }
    case 'POST /api/1/end':
      answer(response, 200, {});
      response.once('close', given.end);
      return;
    default:
      throw new Refusal(404, 'bad-request');
  }
}

/** In time that tells nothing of how much of it was right. */
function isToken(said: string, token: string): boolean {
  const [one, other] = [Buffer.from(said), Buffer.from(`Bearer ${token}`)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export function standingOf({ board, room }: Pick<Given, 'board' | 'room'>): BoardStanding {
  const { ledger, trouble } = board;
  const here = board.behind();
  const seats = [...ledger.seats().values()].filter(({ state }) => state !== 'removed');
  return {
    ...{
      pid: process.pid,
      port: board.port,
      epoch: ledger.epoch,
      isLocked: ledger.isLocked,
      most: board.most,
    },
    stored: board.stored,
    behind: seats.map(({ seat, name, state, managed }) => {
      const hasLeft = state !== 'joined';
      const told = here.get(seat) ?? (hasLeft ? 0 : null);
      // Lines that were to be forgotten are waited for by nobody, whatever the seat told before.
      return { seat, name, more: state === 'forgotten' ? 0 : told, hasLeft, managed };
    }),
    trouble: trouble === null ? null : ((trouble as { code?: string }).code ?? 'home-unwritable'),
    board: room.view(board.now()),
    proof: room.proof(),
  };
}
