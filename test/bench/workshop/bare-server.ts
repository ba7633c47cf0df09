/**
 * What a board cannot be faster than: wires in TLS-PSK, each line parsed, written and flushed with those that came meanwhile,
 * and answered after it. It knows nobody and checks nothing. `node --import tsx bare-server.ts PORT SECRET FILE`
 */
import { open } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type Identity, PSK_TLS, readIdentity, seatKey } from '../../../src/workshop/codes.ts';
import { lineReader, UNPACKING, UPGRADE } from '../../../src/workshop/wire.ts';

const [port = '', secret = '', file = ''] = process.argv.slice(2);
const handle = await open(file, 'w');
const master = Buffer.from(secret, 'hex');
let waiting: { line: string; answer: () => void }[] = [];
let isWriting = false;

const server = createServer({
  ...PSK_TLS,
  pskCallback: (_socket: unknown, identity: string) =>
    seatKey(master, readIdentity(identity) as Extract<Identity, { is: 'seat' }>),
} as object);
server.on('upgrade', (_, socket, head) => {
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${UPGRADE}\r\n\r\n`);
  socket.on('error', () => {});
  if (head.length > 0) socket.unshift(head);
  const read = lineReader(1e6, (line) => void serve(socket, line.toString()));
  socket
    .pipe(createInflateRaw(UNPACKING))
    .on('error', () => {})
    .on('data', read);
});
server.listen(Number(port), '127.0.0.1', 8_192, () => process.send?.({ is: 'ready' }));

async function serve(socket: Duplex, text: string): Promise<void> {
  const answer = (body: object) => socket.write(`${JSON.stringify({ answered: 200, body })}\n`);
  const { ask, to: seq, mark, fork } = JSON.parse(text);
  if (ask !== 'range') return void answer({ seq: 0, mark: null, fork: 0 });
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
