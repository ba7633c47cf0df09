/**
 * Questions to a board in HTTP/1.1, of who has no seat yet, or assists. All that the other end says is hostile until it is
 * checked: it is cut at a bound here.
 */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { urlPart } from '../../grammar.ts';
import { messageOf } from '../../trouble.ts';
import { TIMES } from '../protocol.ts';
import { readJson } from '../read-json.ts';
import { type Credentials, pskConnection } from './psk-connection.ts';

/** Bytes of an answer that are read. */
export const LONGEST_ANSWER = 64 * 1024;
/** Of the board as a whole, with a thousand seats. */
export const LONGEST_BOARD = 16 * 1024 * 1024;

/** The board did not answer: no way there, not in time, another key, or what answers is no board. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'NoAnswer';
  }
}

export interface Answer {
  status: number;
  /** What its JSON holds; null where it is none. */
  body: unknown;
}

/** Where a board is, and who asks. `credentials` null: in clear text. */
export interface Way {
  host: string;
  port: number;
  credentials: Credentials | null;
}

export class BoardLink {
  readonly #way: Way;
  readonly #longest: number;
  readonly #agent: Agent;

  /** `longest`: bytes of an answer, or of an event, that are read. */
  constructor(way: Way, longest = LONGEST_ANSWER) {
    this.#way = way;
    this.#longest = longest;
    this.#agent = agentOf(way);
  }

  /** Asks, and waits 4 s at most. Throws `NoAnswer`; any status is an answer. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const asked = this.#begun(method, path, body, signal);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => asked.destroy(new Error('no answer in time')), TIMES.request);
      const fail = (cause: unknown) => {
        clearTimeout(timer);
        reject(new NoAnswer(cause));
      };
      asked.on('error', fail);
      asked.on('response', (response) => {
        readAll(response, this.#longest).then((said) => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, body: said });
        }, fail);
      });
    });
  }

  /**
   * Listens to a stream of events: calls `take` with the data of each. Resolves with the status where the board refuses;
   * throws `NoAnswer` when it ends, or when nothing came for as long as `TIMES.silent`.
   */
  listen(path: string, take: (data: unknown) => void, signal: AbortSignal): Promise<Answer> {
    const asked = this.#begun('GET', path, undefined, signal);
    return new Promise((resolve, reject) => {
      const silence = () => asked.destroy(new Error('no beat'));
      let watchdog = setTimeout(silence, TIMES.silent);
      const end = (cause: unknown) => {
        clearTimeout(watchdog);
        asked.destroy();
        reject(new NoAnswer(cause));
      };
      asked.on('error', end);
      asked.on('response', (response) => {
        if (response.statusCode !== 200) {
          clearTimeout(watchdog);
          readAll(response, this.#longest).then(
            (body) => resolve({ status: response.statusCode ?? 0, body }),
            end,
          );
          return;
        }
        const events = eventReader(take, this.#longest);
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          clearTimeout(watchdog);
          watchdog = setTimeout(silence, TIMES.silent);
          try {
            events(chunk);
          } catch (error) {
            end(error);
          }
        });
        response.on('end', () => end(new Error('the stream ended')));
        response.on('error', end);
      });
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #begun(method: string, path: string, body: unknown, signal: AbortSignal | undefined): ClientRequest {
    const { host, port } = this.#way;
    const sent = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const begun = request({
      ...{ host, port, method, path, agent: this.#agent, setDefaultHeaders: false },
      ...(signal === undefined ? {} : { signal }),
      headers: {
        Host: `${urlPart(host)}:${port}`,
        ...(sent === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': sent.length }),
      },
    });
    begun.end(sent ?? undefined);
    return begun;
  }
}

function agentOf({ host, port, credentials }: Way): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 2, timeout: 0 });
  if (credentials !== null) agent.createConnection = () => pskConnection(host, port, credentials);
  return agent;
}

/** All of an answer as JSON; null where it is none. Throws where it is longer than any of ours. */
export async function readAll(response: IncomingMessage, longest: number): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longest) throw new Error('the answer is too long');
    parts.push(part);
  }
  return readJson(Buffer.concat(parts).toString());
}

/** Takes a stream of events apart, however it is cut: `data:` lines up to an empty one. */
function eventReader(take: (data: unknown) => void, longest: number): (chunk: string) => void {
  let rest = '';
  let data: string[] = [];
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    if (rest.length > longest) throw new Error('an event is too long');
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        take(readJson(data.join('\n')));
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    }
  };
}
