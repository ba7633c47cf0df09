/** Bodies of requests, bounded as they come; and answers, in JSON. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MOST } from '../protocol.ts';
import { Refusal } from './deciding.ts';

/** The JSON of a request's body. Throws a `Refusal` where it is too large, or none. */
export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const body = await received(request);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'bad-request');
  }
}

/** By events: a reader by `for await` costs a busy board a tenth more. */
function received(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= MOST.bodyBytes) parts.push(part);
      else reject(new Refusal(413, 'too-large'));
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    for (const gone of ['error', 'close'] as const)
      request.on(gone, (error?: Error) => reject(error ?? new Error('hung up')));
  });
}

export function answer(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
  });
  response.end(text);
}

/** For so long what is left of a refused body is read, and thrown away: who hung up at once would not be heard. */
export const FAREWELL_MS = 1_000;

function hangUpSoon(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  request.resume();
  const end = setTimeout(() => request.destroy(), FAREWELL_MS);
  response.once('close', () => clearTimeout(end));
}

/** What is told of an error: what is no refusal is ours, and nobody's on the network to read. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET'))
    process.emitWarning(error as Error);
  return new Refusal(500, 'not-stored');
}

export function answerRefusal(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // A seat that hung up in the middle of its request.
  if (!(error instanceof Refusal) && request.destroyed && !request.complete) return;
  const { status, body } = refusalOf(error);
  if (!request.complete) hangUpSoon(request, response);
  answer(response, status, body);
}
