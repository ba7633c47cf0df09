/** A page of ours for the tests of what serves it, asked by real HTTP as a browser, and as somebody else, would. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach } from 'node:test';
import { EventStream } from '../src/web/event-stream.ts';
import { bodyOf } from '../src/web/guards.ts';
import { type PageServer, servePage, streamAt } from '../src/web/page-server.ts';

/** Where it keeps what it remembers. */
export const folder = mkdtempSync(join(tmpdir(), 'pglab-web-'));

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** The page that stands while a test runs, and what it was told. */
export const standing = {} as { server: PageServer; stream: EventStream; acts: unknown[]; links: string[] };

export function start(): Promise<PageServer> {
  const stream = new EventStream(() => [{ name: 'snapshot', data: 'all' }]);
  const [acts, links]: [unknown[], string[]] = [[], []];
  Object.assign(standing, { stream, acts, links });
  return servePage({
    ...{ listen: null, file: join(folder, 'page.json'), refused: () => 'take the link' },
    used: (link) => links.push(link),
    routes(app) {
      app.get('/', (context) => context.html('<p>page</p>'));
      app.post('/act', async (context) => {
        const body = await bodyOf(context);
        if (body === null) return context.text('what?', 400);
        acts.push(body);
        return context.body(null, 204);
      });
      streamAt(app, '/events', stream);
    },
  });
}

/** For the tests of a file: each has a page of its own. */
export function standsForEach(): void {
  beforeEach(async () => {
    standing.server = await start();
  });
  afterEach(async () => {
    standing.stream.close();
    await standing.server.close();
  });
  after(() => rmSync(folder, { recursive: true }));
}

export function ask(
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { method?: string; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, standing.server.origin);
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export async function cookie(): Promise<string> {
  const { headers } = await ask(standing.server.link());
  return headers['set-cookie']?.[0]?.split(';')[0] ?? assert.fail('no cookie');
}
