/** A web server for our own pages: on this machine alone, and only by its link. */
import { readFileSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { packageRoot } from '../package-root.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { type Address, hostAndPort } from './address.ts';
import { EVENTS, type EventStream } from './event-stream.ts';
import { onlyFromOurselves, onlyWithCookie, safeHeaders } from './guards.ts';
import { remember, remembered, Session } from './session.ts';

export type Routes = Hono;

export interface PageOptions {
  /** Where; null: on 127.0.0.1, at the port of last time if it is free. */
  listen: Address | null;
  /** The file of the home that keeps its secret and its port. */
  file: string;
  /** Scripts and styles of `dist/web/`, by their names there. */
  files?: readonly string[];
  /** Told to a browser that has no cookie. */
  refused: () => string;
  /** Somebody came in by the link: there is a new one. */
  used?: (link: string) => void;
  /** The page's own routes, behind the guards. */
  routes: (app: Routes) => void;
}

export interface PageServer {
  /** `http://127.0.0.1:43210`: it lets in only requests with the cookie. */
  readonly origin: string;
  /** A link that lets in once. */
  link(): string;
  /** Every connection is ended. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 256;

/** Trouble `listen-taken` where the address cannot be had. */
export async function servePage(options: PageOptions): Promise<PageServer> {
  const { listen, file, files = [], refused, used, routes } = options;
  const memory = remembered(file);
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const address = await listening(server, listen, memory.port);
  if (memory.port !== address.port) remember(file, { ...memory, port: address.port });
  const origin = `http://${hostAndPort(address)}`;
  const session = new Session(memory.secret, address.port);
  const link = () => `${origin}/?token=${session.token}`;
  app.use(safeHeaders());
  app.use(onlyFromOurselves(hostAndPort(address)));
  app.use(onlyWithCookie(session, { refused, used: () => used?.(link()) }));
  for (const name of files) serveFile(app, name);
  routes(app);
  app.onError(failed).notFound((context) => context.text('not here\n', 404));
  return {
    origin,
    link,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Known trouble has nothing to do on the terminal; what is a bug is told there. */
function failed(error: Error, context: Context): Response {
  if (!(error instanceof Trouble)) console.error(error);
  return context.text('failed\n', 500);
}

/** Serves a file of `dist/web/` under its name. It is read once: an update of pglab does not change a page that is open. */
function serveFile(app: Routes, name: string): void {
  const text = readFileSync(join(packageRoot, 'dist/web', name));
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  app.get(`/${name}`, (context) => context.body(text, 200, { 'content-type': `${type}; charset=utf-8` }));
}

/** The route of a stream of events, which may be another one for each that asks; `after`: as the header `Last-Event-ID`. */
export function streamAt(
  app: Routes,
  path: string,
  stream: EventStream | ((context: Context) => EventStream),
): void {
  app.get(path, (context) => {
    // Its head alone is no reader.
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': EVENTS });
    const response = outgoing(context);
    const wanted = typeof stream === 'function' ? stream(context) : stream;
    const last = context.req.header('last-event-id') ?? context.req.query('after');
    if (!wanted.open(response, last)) return context.text('too many\n', 503);
    return RESPONSE_ALREADY_SENT;
  });
}

function outgoing(context: Context): ServerResponse {
  return context.env.outgoing;
}

/** At the address that was asked for; else at the port of last time, and where that is taken at any. */
async function listening(server: Server, asked: Address | null, last: number | null): Promise<Address> {
  const host = asked?.host ?? '127.0.0.1';
  const ports = asked ? [asked.port] : [...(last === null ? [] : [last]), 0];
  let reason: unknown = null;
  for (const port of ports) {
    try {
      await listenOn(server, host, port);
      return { host, port: (server.address() as AddressInfo).port };
    } catch (error) {
      reason = error;
    }
  }
  const address = hostAndPort({ host, port: ports.at(-1) as number });
  throw new Trouble('listen-taken', { address, why: messageOf(reason) }, { cause: reason });
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
