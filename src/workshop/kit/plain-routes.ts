/**
 * What a board tells in clear text, and what anybody may read: the page for participants, the script of the line to join, the
 * kit. Nothing of it is secret, and nothing of it is to be believed unchecked: whoever is on the network may forge it.
 *
 *     GET /                      the page for participants, in the language that is asked for
 *     GET /join                  the script; the pasted line carries its SHA-256
 *     GET /kit/kit.json          what the kit holds
 *     GET /kit/NAME?ticket=T     a file of it; `Range`, `ETag`. 503 with `Pglab-Place` where others come first
 *     GET /kit/queue?ticket=T    { serving, waiting, place }
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { openOwn } from '../../own-files.ts';
import { byteRange } from './byte-range.ts';
import { joinScript } from './join-script.ts';
import { type Held, type Kit, kitDigest, kitText } from './kit-list.ts';
import { KitQueue } from './kit-queue.ts';
import { welcomePage } from './welcome-page.ts';

export interface PlainOptions {
  folder: string;
  kit: Kit;
  queue?: KitQueue;
}

/** Smaller files are never waited for. */
const SMALL = 4 * 2 ** 20;
/** Who takes less than this while others wait is cut off, and goes on from there later. */
const SLOWEST = { everyMs: 15_000, bytes: 256 * 1024 } as const;
const TICKET = /^[0-9a-f]{16}$/;

/** Answers what is its own; false: it is not, and nothing was answered. */
export type PlainRoutes = (request: IncomingMessage, response: ServerResponse) => boolean;

export function plainRoutes({ folder, kit, queue = new KitQueue() }: PlainOptions): PlainRoutes {
  const script = joinScript(kit);
  const list = kitText(kit);
  const files = new Map(kit.files.map((file) => [`/kit/${file.name}`, file]));
  const parcel = kit.files.find((file) => file.kind === 'pglab');
  if (parcel) files.set('/pglab.tgz', parcel);
  return (request, response) => {
    const { path, ticket } = asked(request);
    const file = files.get(path);
    const isOurs = file !== undefined || ['/', '/join', '/kit/kit.json', '/kit/queue'].includes(path);
    if (!isOurs && !path.startsWith('/kit')) return false;
    // A body would be read by nobody.
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') refused(response, 405, { allow: 'GET, HEAD' });
    else if (file) sendFile({ folder, queue, ticket, request, response }, file);
    else if (path === '/')
      sendText(request, response, 'text/html', welcomePage(request.headers['accept-language']));
    else if (path === '/join') sendText(request, response, 'text/plain', script);
    else if (path === '/kit/kit.json') sendText(request, response, 'application/json', list, kitDigest(kit));
    else if (path === '/kit/queue') {
      const place = ticket === null ? null : queue.look(ticket);
      const body = { serving: queue.served, waiting: queue.waiting, place };
      sendText(request, response, 'application/json', JSON.stringify(body));
    } else refused(response, 404);
    return true;
  };
}

/** The path as it was sent, undecoded: a name that must be decoded is none of ours. */
function asked({ url = '' }: IncomingMessage): { path: string; ticket: string | null } {
  const [path = '', query = ''] = url.slice(0, 300).split('?');
  const ticket = new URLSearchParams(query).get('ticket') ?? '';
  return { path, ticket: TICKET.test(ticket) ? ticket : null };
}

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
} as const;

function refused(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...ALWAYS, ...headers, 'content-length': 0, 'cache-control': 'no-store' });
  response.end();
}

function sendText(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  type: string,
  text: string,
  sha256?: string,
): void {
  const tag = sha256 === undefined ? {} : { etag: `"${sha256}"` };
  if (tag.etag !== undefined && headers['if-none-match'] === tag.etag) {
    response.writeHead(304, { ...ALWAYS, ...tag });
    response.end();
    return;
  }
  response.writeHead(200, {
    ...{ ...ALWAYS, ...tag, 'cache-control': 'no-cache', vary: 'accept-language' },
    ...{ 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(text) },
  });
  response.end(method === 'HEAD' ? undefined : text);
}

interface Sending {
  folder: string;
  queue: KitQueue;
  ticket: string | null;
  request: IncomingMessage;
  response: ServerResponse;
}

function sendFile({ folder, queue, ticket, request, response }: Sending, file: Held): void {
  const { headers, method } = request;
  const tag = `"${file.sha256}"`;
  const known = { ...ALWAYS, etag: tag, 'accept-ranges': 'bytes', 'cache-control': 'no-cache' };
  if (headers['if-none-match'] === tag) {
    response.writeHead(304, known);
    response.end();
    return;
  }
  // Of a file that has changed since, all of it is sent.
  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
  const range = byteRange(isSame ? headers.range : undefined, file.bytes);
  if (range === null) {
    refused(response, 416, { 'content-range': `bytes */${file.bytes}` });
    return;
  }
  const { from, to, isPart } = range;
  const part: Record<string, string> = isPart ? { 'content-range': `bytes ${from}-${to}/${file.bytes}` } : {};
  const head = {
    ...known,
    ...part,
    'content-type': 'application/octet-stream',
    'content-length': to - from + 1,
  };
  if (method === 'HEAD') {
    response.writeHead(200, { ...head, 'content-length': file.bytes });
    response.end();
    return;
  }
  const isLarge = file.bytes > SMALL;
  if (isLarge && !isItsTurn(queue, ticket, response)) return;
  if (isLarge) response.once('close', () => queue.leave());
  let descriptor: number;
  try {
    descriptor = openWhole(join(folder, file.name), file.bytes);
  } catch {
    // Removed or changed since the board began: it says so nowhere better than in `kit verify`.
    refused(response, 410);
    return;
  }
  response.writeHead(isPart ? 206 : 200, head);
  if (isLarge) cutOffSlow(response, queue);
  const body = createReadStream('', { fd: descriptor, start: from, end: to });
  body.on('error', () => response.destroy());
  response.once('close', () => body.destroy());
  body.pipe(response);
}

/** Else it is told its place, and to ask again. */
function isItsTurn(queue: KitQueue, ticket: string | null, response: ServerResponse): boolean {
  const place = queue.ask(ticket ?? randomBytes(8).toString('hex'));
  if (place === 0) return true;
  if (place === null) refused(response, 429, { 'retry-after': '5' });
  else refused(response, 503, { 'retry-after': '1', 'pglab-place': String(place) });
  return false;
}

function openWhole(path: string, bytes: number): number {
  const descriptor = openOwn(path, constants.O_RDONLY);
  if (fstatSync(descriptor).size === bytes) return descriptor;
  closeSync(descriptor);
  throw new Error('changed');
}

/** Who holds a place and takes nothing would keep all others out. */
function cutOffSlow(response: ServerResponse, queue: KitQueue): void {
  let before = 0;
  const look = setInterval(() => {
    const sent = (response.socket?.bytesWritten ?? 0) - (response.socket?.writableLength ?? 0);
    const isSlow = sent - before < SLOWEST.bytes;
    before = sent;
    if (isSlow && queue.waiting > 0) response.destroy();
  }, SLOWEST.everyMs);
  response.once('close', () => clearInterval(look));
}
