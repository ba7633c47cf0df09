/**
 * Runs suites: `node --import tsx test/run.ts unit content e2e`. Each folder's `*.test.ts` files run
 * one after another (they share one engine and two cores). Ends with `N passed, N failed`; a suite
 * without tests is a failure, so that nothing passes by not being found.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { sayWhatIsInstalled, stageDown, stageUp } from './e2e/stage.ts';

/** A file that takes longer hangs; the one that runs whole suites on each Node takes its time. */
const FILE_WITHIN_MS = 15 * 60_000;
const PLATFORMS_WITHIN_MS = 120 * 60_000;
const WHY_CHARACTERS = 1500;
const totals = { passed: 0, failed: 0 };

/** One line or block for each failure, told once more at the end, where a log cut short still shows it. */
const failures: string[] = [];

// Ctrl-C, or a CI that gives up: the engine of the tests must not outlive them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    await stageDown();
    process.exit(130);
  });
}

/** Suites that need the engine of the tests. */
const ON_ENGINE = ['e2e', 'parcel', 'platforms'];

const suites = process.argv.slice(2);
try {
  // Before the long ones that need no engine.
  if (suites.some((each) => ON_ENGINE.includes(each))) sayWhatIsInstalled();
  for (const suite of suites.filter((each) => !ON_ENGINE.includes(each))) await runSuite(suite);
  const onEngine = suites.filter((each) => ON_ENGINE.includes(each));
  if (onEngine.length > 0) await stageUp();
  for (const suite of onEngine) await runSuite(suite);
} catch (error) {
  failed('the tests themselves', error);
} finally {
  await stageDown();
}
for (const failure of failures) console.log(`✖ ${failure}\n`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function runSuite(suite: string): Promise<void> {
  const folder = join(import.meta.dirname, suite);
  const only = process.env.PGLAB_TEST_ONLY;
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && (!only || file.includes(only)))
    .sort()
    .map((file) => join(folder, file));
  if (files.length === 0) {
    failed(suite, 'no tests found');
    return;
  }
  for (const file of files) await runFile(file);
}

async function runFile(file: string): Promise<void> {
  const started = performance.now();
  const name = file.slice(import.meta.dirname.length + 1);
  const count = { passed: 0, failed: 0 };
  const starts = countStarts();
  const before = onTheEngine();
  const timeout = name.startsWith('platforms/') ? PLATFORMS_WITHIN_MS : FILE_WITHIN_MS;
  const stream = run({ files: [file], concurrency: false, timeout });
  stream.on('test:pass', (event) => {
    if (!isSuite(event)) count.passed += 1;
  });
  stream.on('test:fail', (event) => {
    if (isSuite(event)) return;
    count.failed += 1;
    failures.push(`${name}: ${event.name}\n${why(event.details.error)}`);
  });
  const shown = stream.compose(new spec());
  for await (const chunk of shown) if (!/^ℹ /m.test(String(chunk))) process.stdout.write(chunk);
  // What one suite leaves behind, the next ones would meet: it is a failure of that one.
  const left = onTheEngine().filter((each) => !before.includes(each));
  if (left.length > 0) failed(name, `left behind:\n${left.join('\n')}`);
  // A file that dies before it tests anything reports nothing of its own.
  if (count.passed + count.failed === 0) failed(name, 'ended before it tested anything');
  totals.passed += count.passed;
  totals.failed += count.failed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `■ ${name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s, ${starts()} container starts\n`,
  );
}

/** A failure that no test reported by itself. */
function failed(what: string, error: unknown): void {
  totals.failed += 1;
  failures.push(`${what}\n${why(error)}`);
  console.error(failures.at(-1));
}

function why(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return text.slice(0, WHY_CHARACTERS);
}

function isSuite(event: { details: { type?: string | undefined } }): boolean {
  return event.details.type === 'suite';
}

/** Every container, volume and network on the engine of the tests, with its kind. */
function onTheEngine(): string[] {
  if (!process.env.DOCKER_HOST) return [];
  const all = {
    container: ['ps', '--all', '--format', '{{.ID}} {{.Image}} {{.Names}}'],
    volume: ['volume', 'ls', '--format', '{{.Name}}'],
    network: ['network', 'ls', '--format', '{{.ID}} {{.Name}}'],
  };
  return Object.entries(all).flatMap(([kind, args]) => {
    const lines = execFileSync('docker', args, { encoding: 'utf8' }).split('\n');
    return lines.filter(Boolean).map((line) => `${kind} ${line}`);
  });
}

/** Counts container starts on the engine of the tests, from its own events. */
function countStarts(): () => number {
  if (!process.env.DOCKER_HOST) return () => 0;
  const watch = spawn('docker', ['events', '--filter', 'event=start', '--format', '{{.ID}}'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let lines = 0;
  watch.stdout.on('data', (chunk: Buffer) => {
    lines += String(chunk).split('\n').length - 1;
  });
  return () => {
    watch.kill();
    return lines;
  };
}
