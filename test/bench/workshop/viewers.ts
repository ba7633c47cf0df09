/**
 * So many viewers of a board, in a process of their own: `node viewers.ts HOME ID COUNT`. Each reads its news as text, and
 * knows by a hand's text when that was written. Told `begin`, they count anew; told `end`, they tell what each found.
 */
import { request } from 'node:http';
import { instructorToken } from '../../../src/workshop/codes.ts';
import { readTicket } from '../../../src/workshop/ticket.ts';
import { now } from './figures.ts';

const [home = '', id = '', count = '0'] = process.argv.slice(2);
const found: number[] = [];
const HAND = /"hand":\{"text":"(\d+(?:\.\d+)?)"/g;

function watch(port: number, authorization: string): void {
  const seen = new Set<string>();
  const asked = request(
    { host: '127.0.0.1', port, path: '/api/1/news', headers: { authorization }, agent: false },
    (news) => {
      if (news.statusCode !== 200) throw new Error(`it answered ${news.statusCode}`);
      let rest = '';
      news.setEncoding('utf8').on('data', (part: string) => {
        const text = rest + part;
        const whole = text.lastIndexOf('\n') + 1;
        for (const [, written = ''] of text.slice(0, whole).matchAll(HAND)) {
          if (!seen.has(written)) found.push(now() - Number(written));
          seen.add(written);
        }
        rest = text.slice(whole);
      });
    },
  );
  asked.end();
}

const ticket = readTicket(home, id);
if (ticket === null) throw new Error('no such workshop');
const word = `Bearer ${instructorToken(Buffer.from(ticket.secret, 'hex'))}`;
for (let at = 0; at < Number(count); at += 1) watch(ticket.apiPort, word);
process.on('message', (told) => {
  if (told === 'begin') found.length = 0;
  else process.send?.(found, () => process.exit(0));
});
process.send?.('watching');
