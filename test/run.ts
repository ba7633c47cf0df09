/**
 * Runs suites, as `tools/tests.mjs` is told to: `unit content e2e`. The `*.test.ts` files of a folder that need no engine
 * run two at a time; the others in two lanes, each with an engine and a network of its own, where this process may
 * make them. Ends with `N passed, N failed`; a suite without tests is a failure, so that nothing passes by not being found.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawAnew } from './drawn.ts';
import { sayWhatIsInstalled, stageDown, stageUp } from './e2e/stage.ts';
import { type Lane, laneApart, laneHere, reportedWhole } from './lane.ts';
import { endFile, failure, notRun, type Outcome } from './suite-file.ts';

/** Suites that need the engine of the tests. */
const ON_ENGINE = ['e2e', 'parcel', 'platforms'];
/** Suites that fetch something from outside: nothing comes into a lane apart. */
const FROM_OUTSIDE = /^platforms\//;
/** They begin, so that none of them is the last one running: the longest, and those that only the first lane can run. */
const FIRST = [
  'e2e/killed.test.ts',
  'e2e/many.test.ts',
  'platforms/platforms.test.ts',
  'platforms/debian-engine.test.ts',
  'platforms/podman.test.ts',
  'e2e/replay.test.ts',
  'e2e/map.test.ts',
  'e2e/mutants-newest.test.ts',
];

/** What is not over by then is told as failed: who gives up a run from outside learns nothing of it. */
const WHOLE_WITHIN_MS = 80 * 60_000;

let passed = 0;
/** Told once more at the end, where a log cut short still shows them. */
const failures: string[] = [];
const lanes: Lane[] = [];
/** Files that have begun and are not over. */
const running = new Set<string>();
/** Seconds of each file on an engine. */
const took = new Map<string, number>();
/** Files named at the end for their time: all that could make a run longer than it may be. */
const SLOWEST = 30;

// Ctrl-C, or a CI that gives up: the engines of the tests must not outlive them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    await endLanes();
    process.exit(130);
  });
}

setTimeout(() => {
  failed('the tests themselves', `not over after ${WHOLE_WITHIN_MS / 60_000} min: ${[...running].join()}`);
  void endLanes().finally(close);
}, WHOLE_WITHIN_MS).unref();

const suites = process.argv.slice(2);
try {
  const isOnEngine = suites.some((each) => ON_ENGINE.includes(each));
  // Before the long ones that need no engine.
  if (isOnEngine) sayWhatIsInstalled();
  if (isOnEngine && process.env.PGLAB_TEST_ONLY === undefined) drawAnew();
  const onEngine = suites.filter((each) => ON_ENGINE.includes(each)).flatMap(filesOf);
  await runSideBySide(suites.filter((each) => !ON_ENGINE.includes(each)).flatMap(filesOf));
  if (onEngine.length > 0) await runOnEngines(onEngine);
} catch (error) {
  failed('the tests themselves', error);
} finally {
  await endLanes();
}
close();

function close(): never {
  const slowest = [...took].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  if (slowest.length > 1)
    console.log(
      `slowest, s: ${slowest.map(([name, seconds]) => `${name} ${Math.round(seconds)}`).join(', ')}\n`,
    );
  for (const each of failures) console.log(`✖ ${each}\n`);
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exit(failures.length > 0 || passed === 0 ? 1 : 0);
}

/** Files of a suite, as `e2e/walk.test.ts`. */
function filesOf(suite: string): string[] {
  const only = (process.env.PGLAB_TEST_ONLY ?? '').split(',');
  const files = readdirSync(join(import.meta.dirname, suite))
    .filter((file) => file.endsWith('.test.ts') && only.some((part) => file.includes(part)))
    .sort();
  if (files.length === 0) failed(suite, 'no tests found');
  return files.map((file) => `${suite}/${file}`);
}

/** What needs no engine: each file is a process of its own, which fills one core. */
async function runSideBySide(names: string[]): Promise<void> {
  const runNext = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) count(await reportedWhole(name));
  };
  await Promise.all([runNext(), runNext()]);
}

async function runOnEngines(names: string[]): Promise<void> {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const waiting = names.toSorted((a, b) => rank(a) - rank(b));
  const takes = (only: (name: string) => boolean) => {
    const at = waiting.findIndex(only);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  // Of before an engine is up: the second lane has one of its own.
  const before = { ...process.env };
  // The first engine is up, and its images are built, before a second one takes them.
  const isOurs = await stageUp();
  const isAlone = names.length === 1 || !isOurs;
  const here = laneHere(isAlone);
  lanes.push(here);
  const work = [runLane(here, () => takes(() => true))];
  if (!isAlone) {
    const apart = laneApart(before);
    lanes.push(apart);
    work.push(runLane(apart, () => takes((name) => !FROM_OUTSIDE.test(name))));
  }
  await Promise.all(work);
}

async function runLane(lane: Lane, next: () => string | undefined): Promise<void> {
  for (let name = next(); name !== undefined; name = next()) {
    running.add(name);
    const outcome = await lane.run(name).catch((error) => notRun(name, error));
    running.delete(name);
    took.set(name, outcome.seconds);
    count(outcome);
  }
}

async function endLanes(): Promise<void> {
  endFile();
  if (lanes.length === 0) return await stageDown();
  await Promise.all(lanes.map((lane) => lane.end()));
}

function count(outcome: Pick<Outcome, 'passed' | 'failures'>): void {
  passed += outcome.passed;
  for (const each of outcome.failures) console.error(each);
  failures.push(...outcome.failures);
}

/** A failure that no test reported by itself. */
function failed(what: string, error: unknown): void {
  count({ passed: 0, failures: [failure(what, error)] });
}
