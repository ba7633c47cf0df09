/** Runs one file of tests, and says what came of it and what it left on the engine of the tests. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** A file that takes longer hangs; the one that runs whole suites on each Node takes its time. */
const FILE_WITHIN_MS = 40 * 60_000;
const PLATFORMS_WITHIN_MS = 120 * 60_000;
/** Of what starts no container. */
const SMALL_WITHIN_MS = 10 * 60_000;
const WHY_CHARACTERS = 4_000;
/** An engine that a suite left standing still would hold the run, and not only its own file. */
const ENGINE_ANSWERS_WITHIN_MS = 60_000;

/** The folder of the tests as JavaScript, which `tools/tests.mjs` makes. */
export const MADE = process.env.PGLAB_TESTS_MADE ?? '';

const ASKED = { encoding: 'utf8', timeout: ENGINE_ANSWERS_WITHIN_MS, killSignal: 'SIGKILL' } as const;

const ending = new AbortController();

/** Ends the file that is under way, whose process would outlive this one. */
export function endFile(): void {
  ending.abort();
}

export interface Outcome {
  passed: number;
  /** From its beginning to its end. */
  seconds: number;
  /** One block for each failure: the test and why. */
  failures: string[];
}

/** `name`: the file below `test/`, as `e2e/walk.test.ts`. `print` takes the report piece by piece, as it comes. */
export async function runFile(name: string, print: (text: string) => void): Promise<Outcome> {
  const started = performance.now();
  const outcome: Outcome = { passed: 0, seconds: 0, failures: [] };
  const fail = (what: string, error: unknown) => outcome.failures.push(failure(what, error));
  const starts = countStarts();
  const before = onTheEngine();
  const timeout = withinMs(name);
  const files = [join(MADE, name.replace(/\.ts$/, '.js'))];
  const stream = run({ files, concurrency: false, timeout, signal: ending.signal });
  stream.on('test:pass', (event) => {
    if (!isSuite(event)) outcome.passed += 1;
  });
  stream.on('test:fail', (event) => {
    if (!isSuite(event)) fail(`${name}: ${event.name}`, event.details.error);
  });
  const shown = stream.compose(new spec());
  for await (const chunk of shown) if (!/^ℹ /m.test(String(chunk))) print(String(chunk));
  // What one suite leaves behind, the next ones would meet: it is a failure of that one.
  const left = onTheEngine().filter((each) => !before.includes(each));
  if (left.length > 0) fail(name, `left behind:\n${left.join('\n')}`);
  // A file that dies before it tests anything reports nothing of its own.
  if (outcome.passed + outcome.failures.length === 0) fail(name, 'ended before it tested anything');
  outcome.seconds = (performance.now() - started) / 1000;
  const counts = `${outcome.passed} passed, ${outcome.failures.length} failed`;
  print(`■ ${name}: ${counts}, ${outcome.seconds.toFixed(1)} s, ${starts()} container starts\n\n`);
  return outcome;
}

function withinMs(name: string): number {
  if (name.startsWith('platforms/')) return PLATFORMS_WITHIN_MS;
  return /^(unit|content)\//.test(name) ? SMALL_WITHIN_MS : FILE_WITHIN_MS;
}

/** Of a file that could not be run. */
export function notRun(name: string, error: unknown): Outcome {
  return { passed: 0, seconds: 0, failures: [failure(name, error)] };
}

export function failure(what: string, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `${what}\n${text.slice(0, WHY_CHARACTERS)}`;
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
    const lines = execFileSync('docker', args, ASKED).split('\n');
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
