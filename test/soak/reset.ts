/**
 * The change of groups on a real engine: machines of the room, laptops of one's own, things made by hand, an engine that
 * cannot be reached, and one that is not heard of. What the proof says is held against what is on the engine.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../src/workshop/codes.ts';
import { NOT_HERE } from '../e2e/lab.ts';
import { openTerminal } from '../e2e/pty.ts';
import { stageDown, stageUp } from '../e2e/stage.ts';
import { freePort } from '../free-port.ts';
import { Home } from './homes.ts';

const root = mkdtempSync(join(tmpdir(), 'pglab-soak-reset-'));
const teacher = new Home(join(root, 'teacher'));
const deaf: NodeJS.ProcessEnv = {};
const KINDS = {
  managed: { managed: true, proved: true },
  'managed, with a container made by hand': { managed: true, proved: true },
  'a laptop that resets': { managed: false, proved: true },
  'a laptop with a container made by hand': { managed: false, proved: false },
  'a laptop that is idle': { managed: false, proved: null },
  'an engine that cannot be reached': { managed: true, proved: false },
  'not heard of': { managed: true, proved: null },
} as const;
type Kind = keyof typeof KINDS;
const homes = new Map<Kind, Home>();
const homeOf = (kind: Kind) => homes.get(kind) as Home;
const docker = (...words: string[]) => execFileSync('docker', words, { encoding: 'utf8' }).trim();

async function joined(): Promise<void> {
  const port = await freePort();
  await teacher.done('workshop', 'open', 'Groups', '--listen', `127.0.0.1:${port}`);
  const code = codeOf(Buffer.from(teacher.ticket.secret, 'hex'), 1, 'spoken');
  for (const [at, [kind, { managed }]] of Object.entries(KINDS).entries()) {
    const isDeaf = kind === 'an engine that cannot be reached';
    const home = new Home(join(root, `seat-${at + 1}`), isDeaf ? deaf : {});
    homes.set(kind as Kind, home);
    const words = ['--name', `s${at + 1}`, ...(managed ? ['--managed'] : [])];
    await home.done('workshop', 'join', `127.0.0.1:${port}`, code, ...words);
    if (!/by hand/.test(kind)) await home.done('run', 'image', 'detached-run', '--yes');
  }
}

/** Walks a step by hand, as its learner types it. Returns the id of the container that it made. */
async function byHand(home: Home): Promise<string> {
  for (const step of ['image', 'foreground-run']) await home.done('skip', step);
  const env = { ...process.env, PGLAB_HOME: home.folder, PGLAB_RUN: 'main', LANG: 'C.UTF-8' };
  const session = openTerminal({ env }, ['next', '--by-hand', '--lang', 'en']);
  await session.sees(/❯/);
  session.types('\r');
  await session.sees(/h hint/);
  const id = docker('run', '-d', '-e', 'POSTGRES_PASSWORD=word', 'postgres:17');
  await session.sees(/Then and now/);
  await session.ends();
  return id;
}

/** The courier of one looks for an engine where none is; that of another is gone, and the board has noticed. */
async function prepared(): Promise<void> {
  deaf.DOCKER_HOST = NOT_HERE;
  const one = homeOf('an engine that cannot be reached');
  await one.kill('courier');
  await one.pglab('list');
  await homeOf('not heard of').kill('courier');
  for (let tries = 0; ; tries += 1) {
    const { seats } = await teacher.workshop('board', '--once');
    const away = seats.filter(({ state }: { state: string }) => state !== 'here');
    if (away.length === 1) return;
    assert.ok(tries < 200, JSON.stringify(away));
    await delay(300);
  }
}

const isThere = (id: string) => docker('ps', '-aq', '--no-trunc').includes(id);

async function nextGroup(): Promise<void> {
  const file = join(root, 'proof.json');
  const begun = performance.now();
  const reset = teacher.pglab('workshop', 'reset', '--next', '--proof', file, '--lang', 'en');
  await delay(3_000);
  assert.equal((await homeOf('a laptop that resets').pglab('workshop', 'reset', '--yes')).code, 0);
  assert.equal(
    (await homeOf('a laptop with a container made by hand').pglab('workshop', 'reset', '--yes')).code,
    1,
  );
  const { code, stdout, stderr } = await reset;
  console.log(`${stderr}${stdout}exit ${code} after ${Math.round((performance.now() - begun) / 1_000)} s`);
  assert.equal(code, 1);
  const { seats } = JSON.parse(readFileSync(file, 'utf8')) as {
    seats: { seat: number; proved: boolean | null; trouble: string | null; here: boolean }[];
  };
  for (const [at, [kind, { proved }]] of Object.entries(KINDS).entries()) {
    const found = seats.find(({ seat }) => seat === at + 1);
    assert.equal(found?.proved, proved, `${kind}: ${JSON.stringify(found)}`);
    assert.equal(found?.here, kind !== 'not heard of', kind);
  }
}

/** Only machines of the room are here: all is proved. */
async function provedAlone(): Promise<void> {
  const { group, seats } = await teacher.workshop('board', '--once');
  assert.equal(group, 2);
  const numbers = seats.flatMap(({ seat, state }: { seat: number; state: string }) =>
    state === 'here' ? [String(seat)] : [],
  );
  assert.ok(numbers.length >= 2, JSON.stringify(seats));
  const { code, stdout, stderr } = await teacher.pglab(
    'workshop',
    'reset',
    ...numbers.slice(0, 2),
    '--proof',
    join(root, 'second.json'),
  );
  console.log(`${stderr}${stdout}exit ${code}`);
  assert.equal(code, 0);
}

await stageUp();
try {
  await joined();
  const [goes, stays] = [
    await byHand(homeOf('managed, with a container made by hand')),
    await byHand(homeOf('a laptop with a container made by hand')),
  ];
  await prepared();
  await nextGroup();
  assert.equal(isThere(goes), false, 'a machine of the room removes what was made by hand in its runs');
  assert.equal(isThere(stays), true, 'what a learner made on a laptop of their own is theirs');
  await provedAlone();
  console.log('each proof is what the engine says');
} finally {
  delete deaf.DOCKER_HOST;
  await teacher.kill('board');
  for (const home of homes.values()) {
    await home.kill('courier');
    // Without a seat, the reset brings no courier back, which would write into what is removed below.
    rmSync(join(home.folder, 'workshop'), { recursive: true, force: true });
  }
  for (const home of homes.values()) await home.pglab('reset', '--all-runs', '--adopted', '--yes');
  await stageDown();
  rmSync(root, { recursive: true, force: true });
}
process.exit(0);
