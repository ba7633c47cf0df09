/**
 * A room of real pglabs on one real engine: each walks two steps that start containers, some reset and walk again, while
 * couriers and the board are killed. What the board has, and what it shows in JSON, in a terminal and in a browser, is
 * held against the raw journals. Then the board's folder is deleted, a journal is cut back, and a home is copied.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../src/workshop/codes.ts';
import { stageDown, stageUp } from '../e2e/stage.ts';
import { freePort } from '../free-port.ts';
import { Home, killing } from './homes.ts';
import { compared, journalsOf, walkOf } from './raw-journals.ts';
import { inJson, inTerminal, onPage } from './shown.ts';

const SEATS = Number(process.env.PGLAB_SOAK_SEATS ?? 30);
const KILLS = Number(process.env.PGLAB_SOAK_KILLS ?? 100);
const AT_ONCE = 3;
const WALK = ['run', 'image', 'foreground-run', 'detached-run', '--yes'];
/** Loaded before the pglab of one seat: its clock stands a year before that of all others. */
const CLOCK_BACK = { NODE_OPTIONS: `--import ${join(import.meta.dirname, '../e2e/clock-back.mjs')}` };

const root = mkdtempSync(join(tmpdir(), 'pglab-soak-'));
const teacher = new Home(join(root, 'teacher'));
const homes = Array.from(
  { length: SEATS },
  (_, at) => new Home(join(root, `seat-${at + 1}`), at === 1 ? CLOCK_BACK : {}),
);
const seatOf = new Map<Home, number>();

async function each(what: (home: Home, at: number) => Promise<unknown>): Promise<void> {
  const left = [...homes.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await what(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function joined(): Promise<void> {
  const port = await freePort();
  await teacher.done(
    'workshop',
    'open',
    'Soak',
    '--listen',
    `127.0.0.1:${port}`,
    '--seats',
    String(SEATS + 5),
  );
  const code = codeOf(Buffer.from(teacher.ticket.secret, 'hex'), 1, 'spoken');
  await each(async (home, at) => {
    await home.done('workshop', 'join', `127.0.0.1:${port}`, code, '--name', `p${at + 1}`);
    seatOf.set(home, (await home.workshop()).seat);
  });
}

async function walk(home: Home, at: number): Promise<void> {
  await home.done(...WALK);
  if (at % 5 === 0) await home.done('workshop', 'hand', 'which side is which?');
  if (at % 3 !== 0) return;
  await home.done('reset', '--yes');
  await home.done('run', 'image', 'detached-run', '--yes');
}

/** A verb of each home brings its courier back; then nobody has anything left to tell. */
async function allTold(): Promise<void> {
  await each((home) => home.done('list'));
  for (let tries = 0; ; tries += 1) {
    const { seats } = await inJson(teacher);
    const late = seats.filter(({ state, behind }) => state !== 'here' || behind !== 0);
    if (late.length === 0 && seats.length === SEATS) return;
    assert.ok(tries < 300, `not all is told: ${JSON.stringify(late)}`);
    await delay(500);
  }
}

/** Lines of all seats, none missing and none twice. */
function held(what: string): void {
  const log = readFileSync(join(teacher.folder, 'workshops', teacher.ticket.id, 'board.jsonl'), 'utf8');
  const all = homes.map((home) => compared(log, seatOf.get(home) as number, journalsOf(home.folder)));
  assert.deepEqual(
    all.flatMap(({ wrong }) => wrong),
    [],
    what,
  );
  const lines = all.reduce((sum, each) => sum + each.lines, 0);
  assert.ok(lines > SEATS * 5);
  console.log(
    `${what}: ${lines} lines of ${SEATS} journals' homes are on the board, none missing, none twice`,
  );
}

async function shownAlike(watching: Record<string, ReturnType<typeof inTerminal>>): Promise<void> {
  const walks = homes.map((home) => ({ seat: seatOf.get(home) as number, ...walkOf(home.folder, 'main') }));
  const wanted = new Map(
    walks.map(({ seat, met }) => [seat, met.length]).sort(([a = 0], [b = 0]) => a - b) as [number, number][],
  );
  for (const [where, each] of Object.entries(watching)) {
    let found = await each.shown();
    for (let tries = 0; tries < 100 && !isSame(found, wanted); tries += 1) {
      await delay(200);
      found = await each.shown();
    }
    assert.deepEqual(
      [...found].sort(([a], [b]) => a - b),
      [...wanted],
      where,
    );
    console.log(`${where}: ${found.size} seats as their journals say`);
  }
  const { seats, done } = await inJson(teacher);
  for (const { seat, at } of walks)
    assert.equal(seats.find((one) => one.seat === seat)?.step, at, `seat ${seat}`);
  assert.equal(
    done.reduce((sum, each) => sum + each),
    walks.reduce((sum, { met }) => sum + met.length, 0),
  );
  const back = seats.find(({ seat }) => seat === seatOf.get(homes[1] as Home));
  assert.ok(back && back.sinceMs < 24 * 3_600_000, 'the clock of a seat that stands a year back is nobody’s');
  console.log(
    `JSON: ${seats.length} seats at the step that their journals say, also one whose clock is a year off`,
  );
}

function isSame(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

async function folderDeleted(): Promise<void> {
  await teacher.kill('board');
  rmSync(join(teacher.folder, 'workshops', teacher.ticket.id), { recursive: true });
  await teacher.done('workshop', 'open');
  await allTold();
  held('the board’s folder deleted');
}

/** As a power cut leaves it: its last line is gone, and the next one has its number. */
async function cutBack(): Promise<void> {
  const [home] = homes as [Home];
  await home.kill('courier');
  const file = join(home.folder, 'runs/main/journal.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').trim().split('\n').slice(0, -1).join('\n').concat('\n'));
  await home.done('hint', 'port-mapping');
  await allTold();
  held('a journal cut back');
  const log = readFileSync(join(teacher.folder, 'workshops', teacher.ticket.id, 'board.jsonl'), 'utf8');
  assert.match(log, /"fork":1/, 'it is a stream of its own');
}

async function copied(): Promise<void> {
  const of = homes[2] as Home;
  const copy = new Home(join(root, 'copy'));
  cpSync(of.folder, copy.folder, { recursive: true });
  rmSync(join(copy.folder, 'workshop/courier'), { recursive: true, force: true });
  await copy.done('hint', 'port-mapping');
  for (let tries = 0; (await copy.workshop()).trouble !== 'twice'; tries += 1) {
    assert.ok(tries < 100, 'a copy of a home is told so');
    await delay(300);
  }
  held('a home copied, and told so');
  await copy.kill('courier');
}

const begun = performance.now();
let isEnded = false;
await stageUp();
try {
  await joined();
  const [terminal, page] = [inTerminal(teacher), await onPage(teacher)];
  let isWalked = false;
  const walking = each(walk).finally(() => {
    isWalked = true;
  });
  const isOver = (kills: number) => isEnded || (isWalked && kills >= KILLS);
  const [killed] = await Promise.all([killing(teacher, homes, isOver), walking]);
  await allTold();
  console.log(`${killed.couriers} couriers and ${killed.boards} boards killed`);
  held('killed at random during walks and resets');
  await shownAlike({ 'in a terminal': terminal, 'in a browser': page });
  await folderDeleted();
  await cutBack();
  await copied();
  terminal.end();
  await page.end();
  console.log(`${Math.round((performance.now() - begun) / 1_000)} s`);
} finally {
  isEnded = true;
  await teacher.kill('board');
  for (const home of homes) {
    await home.kill('courier');
    // Without a seat, the reset brings no courier back, which would write into what is removed below.
    rmSync(join(home.folder, 'workshop'), { recursive: true, force: true });
  }
  await each((home) => home.pglab('reset', '--all-runs', '--yes'));
  await stageDown();
  rmSync(root, { recursive: true, force: true });
}
process.exit(0);
