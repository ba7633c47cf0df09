/** A way from a browser to this machine that can go dead without a word, as a network does: nothing is closed. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface QuietRelay {
  /** For the proxy of a browser: `socks5://127.0.0.1:1080`. */
  url: string;
  /** What is open stays open and carries nothing ever more, as does what is opened until it heals. */
  goDead(): void;
  heal(): void;
  close(): void;
}

const NO_PASSWORD = Buffer.from([5, 0]);
const GRANTED = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);

/** SOCKS 5, as far as Chromium speaks it: two short questions of its own, and then what it has to say. */
export async function openQuietRelay(): Promise<QuietRelay> {
  let isDead = false;
  const open = new Set<{ sockets: Socket[]; isDead: boolean }>();
  const server = createServer((browser) => {
    const way = { sockets: [browser], isDead };
    open.add(way);
    const carry = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => way.isDead || to.write(chunk));
      from.on('close', () => way.isDead || to.destroy());
      from.on('error', () => {});
    };
    browser.once('data', () => {
      browser.write(NO_PASSWORD);
      browser.once('data', (asked) => {
        const page = connect(asked.readUInt16BE(asked.length - 2), '127.0.0.1');
        way.sockets.push(page);
        page.once('connect', () => browser.write(GRANTED));
        carry(browser, page);
        carry(page, browser);
      });
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `socks5://127.0.0.1:${(server.address() as AddressInfo).port}`,
    goDead() {
      isDead = true;
      for (const way of open) way.isDead = true;
    },
    heal() {
      isDead = false;
    },
    close() {
      for (const { sockets } of open) for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
