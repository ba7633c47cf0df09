/** A server that asks each client for a password in one way, and keeps all that comes. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after } from 'node:test';

/** As the protocol numbers the ways to ask. */
const WAYS = { cleartext: 3, md5: 5 } as const;

/** Ends with the tests of the file. */
export async function asker(way: keyof typeof WAYS): Promise<{ port: number; heard: () => string }> {
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let isAsked = false;
    socket.on('data', (chunk) => {
      // A client that asks first whether the connection may be encrypted is told no, and goes on without.
      if (chunk.length === 8) return void socket.write('N');
      heard.push(chunk);
      if (isAsked) socket.end();
      else {
        isAsked = true;
        const asked = Buffer.alloc(way === 'md5' ? 13 : 9);
        asked.write('R');
        asked.writeInt32BE(asked.length - 1, 1);
        asked.writeInt32BE(WAYS[way], 5);
        socket.write(asked);
      }
    });
  }).listen(0, '127.0.0.1');
  after(() => server.close());
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard).toString('latin1'),
  };
}
