/** The learner's page asked by real HTTP: what a browser is sent when it comes while something changes. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Standing } from '../../src/journal/standing.ts';
import { LearnersPage } from '../../src/page/learners-page.ts';
import { openStage } from '../replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-learner-'));
after(() => rmSync(folder, { recursive: true }));

test('a browser that comes in the middle of a change that is taken back ends with what is so', async () => {
  const { lab, content, stem } = await openStage('en');
  const said = { said: 'for a moment', pace: null, hand: 'down' } as const;
  let comes = () => {};
  const page = new LearnersPage({
    ...{ lab, run: 'r', language: 'en', signal: new AbortController().signal },
    tongues: new Map([['en', { content, text: (step: string) => content.step(stem(step)) }]]),
    raiseHand: async () => {},
    standing: () => {
      comes();
      return new Standing();
    },
  });
  const file = join(folder, 'page.json');
  const server = await page.serve(null, { file, refused: () => '', used: () => {} });
  try {
    const cookie = (await answer(server.link())).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const text = (await (await answer(server.origin, { cookie })).setEncoding('utf8').toArray()).join('');
    assert.match(text, /<noscript>.*JavaScript.*<code>[^<]*pglab next --by-hand<\/code>/);
    const live = new URL('/live?lang=en', server.origin);
    const first = await answer(live, { cookie });
    await parts(first, (all) => 'workshop' in all);
    comes = () => {
      comes = () => {};
      page.hear(said);
      queueMicrotask(() => page.hear(null));
    };
    const second = await answer(live, { cookie });
    const seen: unknown[] = [];
    await parts(second, ({ workshop }) => {
      if (workshop !== undefined) seen.push(workshop);
      return seen.length === 2;
    });
    assert.match(JSON.stringify(seen[0]), /for a moment/);
    assert.equal(seen[1], null);
    for (const each of [first, second]) each.destroy();
  } finally {
    page.close();
    await server.close();
  }
});

function answer(url: string | URL, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
}

/** Hears the parts that are sent, until enough has come. */
async function parts(
  from: IncomingMessage,
  isEnough: (all: Record<string, unknown>) => boolean,
): Promise<void> {
  let text = '';
  for await (const chunk of from.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: parts\ndata: (.*)$/m.exec(event)?.[1];
      if (data && isEnough(JSON.parse(data))) return;
    }
  }
}
