/**
 * What who assists may ask from another machine, with the key that their code gives: they see the board, and change nothing.
 *
 *     GET  /api/1/board      BoardView
 *     GET  /api/1/news       BoardNews, one an event (SSE)
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BoardView } from '../board-schema.ts';
import { assistantKey, codeOf } from '../codes.ts';
import { answer, answerRefusal } from './bodies.ts';
import { Refusal } from './deciding.ts';
import { tellNews, type Watched } from './telling-news.ts';

interface Given {
  board: Watched;
  /** The group that is here. */
  epoch(): number;
  workshop: string;
  secret: Buffer;
  /** Whether the instructor has said so. */
  areLetIn(): boolean;
  view(): BoardView;
}

export class Assistants {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Of the group that is here; null: nobody assists it. */
  keyOf(epoch: number): Buffer | null {
    const { workshop, secret, areLetIn } = this.#given;
    if (epoch !== this.#given.epoch() || !areLetIn()) return null;
    return assistantKey(codeOf(secret, epoch, 'assistant'), workshop, epoch);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { board, view } = this.#given;
    switch (`${request.method} ${request.url}`) {
      case 'GET /api/1/board':
        answer(response, 200, view());
        break;
      case 'GET /api/1/news':
        tellNews(board, response);
        break;
      default:
        answerRefusal(request, response, new Refusal(403, 'not-yours'));
    }
  }
}
