/**
 * What a board cannot be faster than: TLS-PSK, each body parsed, written and flushed with those that came meanwhile, and
 * answered after it. It knows nobody and checks nothing. `node --import tsx bare-server.ts PORT SECRET FILE`
 */
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { type Identity, PSK_TLS, readIdentity, seatKey } from '../../../src/workshop/codes.ts';

const [port = '', secret = '', file = ''] = process.argv.slice(2);
const handle = await open(file, 'w');
const master = Buffer.from(secret, 'hex');
let waiting: { line: string; answer: () => void }[] = [];
let isWriting = false;

const server = createServer(
  {
    ...PSK_TLS,
    pskCallback: (_socket: unknown, identity: string) =>
      seatKey(master, readIdentity(identity) as Extract<Identity, { is: 'seat' }>),
  } as object,
  (request, response) => void serve(request, response),
);
server.listen(Number(port), '127.0.0.1', 8_192, () => process.send?.({ is: 'ready' }));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const answer = (body: object) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  };
  if (request.method === 'GET') return answer({ seq: 0, mark: null, fork: 0 });
  const bytes = Buffer.concat(parts);
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const { to: seq, mark, fork } = JSON.parse(text);
  waiting.push({ line: `${text}\n`, answer: () => answer({ seq, mark, fork }) });
  if (!isWriting) await write();
}

async function write(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const group = waiting;
    waiting = [];
    await handle.write(group.map(({ line }) => line).join(''));
    await handle.datasync();
    for (const { answer } of group) answer();
  }
  isWriting = false;
}
