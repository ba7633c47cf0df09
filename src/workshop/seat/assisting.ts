/**
 * The board as who assists sees it, from a machine that is not the instructor's. Whose key the board has is the board that
 * gave the code: what it says is taken as its own.
 */
import { isObject } from '../../journal/shapes.ts';
import { Trouble } from '../../trouble.ts';
import type { BoardNews, BoardView } from '../board-schema.ts';
import { assistantKey } from '../codes.ts';
import { BoardLink, LONGEST_BOARD, NoAnswer } from './board-link.ts';
import { helloOf, isWrongKey } from './joining.ts';
import { readAddress } from './seat-file.ts';

export interface Assisting {
  /** The lab of the workshop. */
  lab: string;
  /** Trouble `workshop-wrong-code` or `workshop-unreachable`. */
  view(): Promise<BoardView>;
  /** Calls with all there is, then with each change; null: a beat. Resolves once the signal is given or the board goes. */
  follow(signal: AbortSignal, take: (news: BoardNews | null) => void): Promise<void>;
  close(): void;
}

/** `code`: as `readCode` returns it. Trouble as for `helloOf`. */
export async function openAssisting(address: string, code: string): Promise<Assisting> {
  const { lab, workshop, epoch } = await helloOf(address);
  const { host, port } = readAddress(address) as { host: string; port: number };
  const identity = { is: 'assistant', workshop, epoch } as const;
  const key = assistantKey(code, workshop, epoch);
  const link = new BoardLink({ host, port, credentials: { identity, key } }, LONGEST_BOARD);
  const told = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const code = isWrongKey(error) ? 'workshop-wrong-code' : 'workshop-unreachable';
      throw new Trouble(code, { address, why: error.message }, { cause: error });
    }
  };
  return {
    lab,
    async view() {
      const { status, body } = await told(link.ask('GET', '/api/1/board'));
      if (status !== 200 || !isObject(body)) throw new Trouble('workshop-not-a-board', { address });
      return body as unknown as BoardView;
    },
    async follow(signal, take) {
      const isNews = (data: unknown): data is BoardNews => isObject(data) && 'version' in data;
      const heard = link.listen('/api/1/news', (data) => take(isNews(data) ? data : null), signal);
      await told(heard).catch((error) => {
        if (!signal.aborted) throw error;
      });
    },
    close: () => link.close(),
  };
}
