import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets } from '../../src/workshop/ticket.ts';
import { Writers, wrongIn } from '../writers.ts';
import { openLab, type TestLab } from './lab.ts';

const PASSWORD = 'of-the-store';
const KILLS = Number(process.env.PGLAB_SOAK_KILLS ?? 3);

describe('two boards on one Postgres', () => {
  const labs: TestLab[] = [];
  const sets = [new Writers(), new Writers()] as const;
  let container = '';
  /** A Postgres that is there already may be named: `postgres://postgres@127.0.0.1:5432/postgres`. */
  let url = process.env.PGLAB_TEST_STORE ?? '';

  before(async () => {
    const boards = { PGLAB_STORE_PASSWORD: PASSWORD };
    labs.push(openLab(boards), openLab(boards));
    if (url === '') [container, url] = await serverOf(labs[0] as TestLab);
  });
  after(async () => {
    for (const set of sets) await set.stop();
    for (const lab of labs) await lab.pglab('workshop', 'close', '--wait', '0');
    if (container !== '') await labs[0]?.docker('rm', '-fv', container);
    for (const lab of labs) await lab.end();
  });

  it('have each line once, also when one of them is killed again and again', async () => {
    const [one, other] = labs as [TestLab, TestLab];
    const first = await opened(one, url, 8_761);
    const second = await opened(other, url, 8_762);
    assert.equal(second.ticket.id, first.ticket.id, 'it is the same workshop');
    const { id, secret } = first.ticket;
    const code = codeOf(Buffer.from(secret, 'hex'), 1, 'spoken');
    await sets[0].join(8_761, code, id, 8);
    await sets[1].join(8_762, code, id, 8);
    for (const set of sets) set.start();
    let { pid } = second;
    for (let kills = 0; kills < KILLS; kills += 1) {
      await delay(300);
      process.kill(pid, 'SIGKILL');
      ({ pid } = await opened(other, url, 8_762));
    }
    await delay(300);
    for (const set of sets) await set.stop();
    const writers = sets.flatMap(({ all }) => all);
    const seats = new Set(writers.map(({ joined }) => joined.seat));
    assert.equal(seats.size, 16, 'no seat was given twice');
    const acknowledged = writers.map((writer) => writer.acknowledged.seq);
    assert.ok(Math.min(...acknowledged) > 0);
    assert.deepEqual(wrongIn(await linesIn(url, id), writers, acknowledged), []);
    for (const lab of labs) assert.equal(((await lab.json('workshop')).workshop as { all: number }).all, 16);
    for (const lab of labs) await lab.pglab('workshop', 'close', '--wait', '0');
  });

  it('give out all that is stored, and keep nothing of it once it is to be forgotten', async () => {
    const one = labs[0] as TestLab;
    const { id } = readTickets(one.home)[0] ?? assert.fail('no ticket');
    const stored = (await linesIn(url, id)).split('\n');
    const told = await one.pglab('workshop', 'export', one.home, '--names');
    assert.equal(told.code, 0, told.stderr);
    const exported = readFileSync(join(one.home, `${id}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    assert.ok(stored.length > 16);
    assert.deepEqual(exported.map(recordOf).sort(), stored.map(recordOf).sort());
    assert.equal((await one.pglab('workshop', 'forget')).code, 0);
    assert.equal(await linesIn(url, id), '');
  });

  it('forget what was closed seven days ago when the next one begins', async () => {
    const one = labs[0] as TestLab;
    const { ticket } = await opened(one, url, 8_761);
    await one.pglab('workshop', 'close', '--wait', '0');
    const client = clientOf(url);
    await client.connect();
    const age = (days: number) =>
      client.query(`update pglab_workshop set closed = now() - interval '${days} days' where id = $1`, [
        ticket.id,
      ]);
    const begin = async () => {
      await opened(one, url, 8_761);
      await one.pglab('workshop', 'close', '--wait', '0');
    };
    await age(6);
    await begin();
    assert.notEqual(await linesIn(url, ticket.id), '');
    await age(8);
    await begin();
    assert.equal(await linesIn(url, ticket.id), '');
    await client.end();
  });

  it('take no password from the command line', async () => {
    const lab = labs[0] as TestLab;
    const { code, stderr } = await lab.pglab(
      'workshop',
      'open',
      '--store',
      'postgres://me:secret@127.0.0.1/db',
    );
    assert.equal(code, 64);
    assert.doesNotMatch(stderr, /secret@/);
  });
});

async function opened(lab: TestLab, url: string, port: number) {
  const told = await lab.pglab('workshop', 'open', 'Shared', '--store', url, '--listen', `127.0.0.1:${port}`);
  assert.equal(told.code, 0, told.stderr);
  const [ticket] = readTickets(lab.home);
  assert.ok(ticket);
  return { ticket, pid: boardOf(lab) };
}

/** Its process, by its command line. */
function boardOf({ home }: TestLab): number {
  const found = readdirSync('/proc').find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`board-process.js\0${home}\0`);
    } catch {
      return false;
    }
  });
  assert.ok(found);
  return Number(found);
}

/** A line without its checksum and spelling. */
function recordOf(line: string): string {
  const { sum: _, ...record } = JSON.parse(line);
  return JSON.stringify(Object.entries(record).sort());
}

function clientOf(url: string): pg.Client {
  const { port } = new URL(url);
  return new pg.Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', password: PASSWORD });
}

/** All that the boards have stored, as the lines of a log. */
async function linesIn(url: string, workshop: string): Promise<string> {
  const client = clientOf(url);
  await client.connect();
  const { rows } = await client.query('select line from pglab_record where workshop = $1', [workshop]);
  await client.end();
  return rows.map(({ line }) => line).join('\n');
}

/** A server of our own on the engine of the tests, and its address. */
async function serverOf(lab: TestLab): Promise<[string, string]> {
  const secret = `POSTGRES_PASSWORD=${PASSWORD}`;
  const container = await lab.docker('run', '-d', '-e', secret, '-p', '127.0.0.1::5432', 'postgres:17');
  const [, port] = /:(\d+)/.exec(await lab.docker('port', container, '5432/tcp')) ?? [];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let tries = 0; tries < 900; tries += 1) {
    const asked = clientOf(url);
    const isUp = await asked.connect().then(
      () => true,
      () => false,
    );
    await asked.end().catch(() => {});
    if (isUp) return [container, url];
    await delay(100);
  }
  throw new Error('the server of the store does not answer');
}
