/**
 * Measures, and judges nothing: the walk beside a careful script by hand, how far readiness lags
 * behind the server's own word, and start-up beside bare node. Medians and ratios; whole processes.
 *
 * `npm run bench` needs an engine with an image (`pglab engine up`, `pglab image pull`).
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { builtIn } from '../../src/engine/built-in-folders.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { homeFolder } from '../../src/home.ts';
import type { Journal } from '../../src/journal/record.ts';
import { standingOf } from '../../src/journal/standing.ts';
import { labFolders } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { ready } from '../../src/runner/judge/ready.ts';
import { logs } from './logs.ts';
import { pageTicks } from './page-ticks.ts';
import { redraws } from './redraws.ts';
import { resets } from './resets.ts';
import { seats } from './seats.ts';
import { SHARED_STEPS, sharedPackage } from './shared-walk.ts';
import { ticks } from './ticks.ts';

const CLI = join(import.meta.dirname, '../../dist/pglab.js');
const SCRIPT = join(import.meta.dirname, '../../../shared/bench/by-hand.sh');
const PAIRS = Number(process.env.PAIRS ?? 9);
const LAGS = 9;
const STARTS = 15;
const TICKS = 15;
const SEATS = (process.env.SEATS ?? '1 5 10 30').split(' ').map(Number);

const found = await resolveEndpoint({
  env: process.env,
  builtInSocket: builtIn(homeFolder(process.env)).socket,
});
if (!found) throw new Error('no engine: pglab engine up');
const endpoint = found;
process.env.DOCKER_HOST = endpoint.url;
const image = process.env.PGLAB_IMAGE ?? 'postgres';

const engine = await connectEngine(endpoint);
const { postgresMajor } = (await engine.image(image)) ?? { postgresMajor: '?' };
console.log(
  `${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 1e9)} GB, node ${process.version}, ` +
    `${engine.info.name} ${engine.info.version}, Postgres ${postgresMajor}`,
);
/** `npm run bench -- ticks resets` measures only these. */
const PARTS: Record<string, () => unknown> = {
  starts: startUp,
  lag,
  ticks: ticked,
  map: redrawn,
  page: onPage,
  resets: reset,
  logs: longLogs,
  walks,
  seats: manySeats,
};
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS)) {
  if (asked.length === 0 || asked.includes(name)) await measure();
}
process.exit(0);

/** Each verb beside `node -e 0`, alternating; to its end, and to its first byte. */
function startUp(): void {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home };
  checked(process.execPath, [CLI, 'run', 'image', 'detached-run', 'isolated-port', '--yes'], env);
  const verbs: [string, string[]][] = [
    ['pglab --help', ['--help']],
    ['pglab list', ['list']],
    ['pglab', []],
  ];
  for (const [name, args] of verbs) {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let at = 0; at < STARTS; at += 1) {
      bare.push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
      ours.push(timed(() => spawnSync(process.execPath, [CLI, ...args], { env })));
    }
    report(`start: ${name}, ${process.version}`, ours, bare, 'node -e 0');
  }
  checked(process.execPath, [CLI, 'reset', '--yes'], env);
  rmSync(home, { recursive: true, force: true });
}

/** From the server's own final "ready" line to the answered, authenticated query, in ms. */
async function lag(): Promise<void> {
  const lags: number[] = [];
  const lab = await loadLab(labFolders(null));
  const notBegun = { standing: standingOf([]) } as Journal;
  for (let at = 0; at < LAGS; at += 1) {
    const id = docker('run', '-d', '-e', 'POSTGRES_PASSWORD=bench', '-p', '127.0.0.1::5432', image);
    const container = await engine.container(id);
    if (!container) throw new Error('the container is gone');
    const context: Partial<RunContext> = {
      ...{ engine, host: '127.0.0.1', local: true, signal: new AbortController().signal },
      unreached: new Map(),
      ...{ lab, owner: { run: 'bench', home: '', lab: lab.id }, journal: notBegun },
    };
    await ready(context as RunContext, container);
    const answered = Date.now();
    const log = await engine.logs(id);
    const said = [...log.matchAll(/^(\S+ \S+) UTC \[1\] LOG: {2}database system is ready/gm)].at(-1)?.[1];
    lags.push(answered - Date.parse(`${said?.replace(' ', 'T')}Z`));
    docker('rm', '-fv', id);
  }
  console.log(
    `readiness lag: median ${median(lags)} ms (${Math.min(...lags)} to ${Math.max(...lags)}, ${LAGS} starts)`,
  );
}

async function ticked(): Promise<void> {
  const taken = (await ticks(CLI, image, TICKS)).map(Math.round);
  console.log(
    `event to tick: median ${median(taken)} ms (${Math.min(...taken)} to ${Math.max(...taken)}, ${TICKS} events)`,
  );
}

async function redrawn(): Promise<void> {
  const taken = (await redraws(CLI, image, TICKS)).map(Math.round);
  console.log(
    `event to map: median ${median(taken)} ms (${Math.min(...taken)} to ${Math.max(...taken)}, ${TICKS} events)`,
  );
}

async function onPage(): Promise<void> {
  const taken = (await pageTicks(CLI, image, TICKS)).map(Math.round);
  console.log(
    `event to tick on the page: median ${median(taken)} ms (${Math.min(...taken)} to ${Math.max(...taken)}, ${TICKS} events)`,
  );
}

function reset(): void {
  const { ours, byHand } = resets(CLI, image, PAIRS);
  report('reset of 20 containers with volumes', ours, byHand, 'docker rm -fv');
}

async function longLogs(): Promise<void> {
  const { quiet, loud } = await logs(CLI, image, PAIRS);
  report('check beside 100 containers, three with 200 MB of log', loud.ms, quiet.ms, 'without those logs');
  console.log(`  at most ${loud.mb} MB; without those logs ${quiet.mb} MB`);
}

async function manySeats(): Promise<void> {
  for (const count of SEATS) {
    const { seconds, mb } = await seats(CLI, image, count);
    console.log(`whole walk, ${count} at once: ${seconds.toFixed(0)} s, at most ${mb} MB each`);
  }
}

/** The script and the walk in turn, on the same engine and image, both without their clean-up. */
async function walks(): Promise<void> {
  if (!existsSync(SCRIPT)) throw new Error(`the script by hand is not at ${SCRIPT}`);
  const ours: number[] = [];
  const byHand: number[] = [];
  const starts = { ours: 0, byHand: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'pglab-bench-package-'));
  const cli = await sharedPackage(folder, SCRIPT);
  for (let at = 0; at < PAIRS; at += 1) {
    const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
    const env = { ...process.env, IMAGE: image, PORT: '6600', PGLAB_HOME: home, PGLAB_IMAGE: image };
    let counted = countStarts();
    byHand.push(timed(() => checked('bash', [SCRIPT], { ...env, KEEP: '1' })));
    starts.byHand = await counted();
    const left = docker('ps', '-aq', '--filter', 'label=by-hand').split('\n').filter(Boolean);
    docker('rm', '-fv', ...left);
    docker('volume', 'rm', '-f', 'by-hand');
    counted = countStarts();
    ours.push(timed(() => checked(process.execPath, [cli, 'run', ...SHARED_STEPS, '--yes'], env)));
    starts.ours = await counted();
    checked(process.execPath, [CLI, 'reset', '--yes'], env);
    rmSync(home, { recursive: true, force: true });
    console.log(`  pair ${at + 1}: ${seconds(ours.at(-1))} s and ${seconds(byHand.at(-1))} s by hand`);
  }
  rmSync(folder, { recursive: true, force: true });
  report('walk', ours, byHand, 'by hand');
  console.log(`  container starts: ${starts.ours} and ${starts.byHand} by hand`);
}

function checked(program: string, args: string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 64e6 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${status}\n${stderr}`);
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}

function countStarts(): () => Promise<number> {
  const watch = spawn('docker', ['events', '--filter', 'event=start', '--format', '{{.ID}}'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let lines = 0;
  watch.stdout.on('data', (chunk: Buffer) => {
    lines += String(chunk).split('\n').length - 1;
  });
  return async () => {
    // The spawns were synchronous: what the watch has seen meanwhile is read now.
    await new Promise((resolve) => setTimeout(resolve, 300));
    watch.kill();
    return lines;
  };
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function report(what: string, ours: readonly number[], other: readonly number[], name: string): void {
  const ratios = ours.map((value, at) => value / (other[at] as number));
  console.log(
    `${what}: median ${Math.round(median(ours))} ms, ${name} ${Math.round(median(other))} ms, ` +
      `median of the ratios ${median(ratios).toFixed(2)} ` +
      `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}, ${ours.length} pairs)`,
  );
}

function seconds(ms = 0): string {
  return (ms / 1000).toFixed(1);
}
