/** `check` beside a hundred containers of the learner's, three of which have said 200 MB. */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peakOf } from './seats.ts';

const CONTAINERS = 100;
const LOUD = 3;
/** So many are made at once: one after the other they would take minutes. */
const AT_ONCE = 10;
const LOG_BYTES = 200e6;
/** It looks for what the learner made, and asks the logs of all that may be it. */
const STEP = 'volume-persistence';

export interface Taken {
  /** Milliseconds of whole processes. */
  ms: number[];
  /** The largest resident set of one of them, in MB. */
  mb: number;
}

/** The same check before three of the containers said anything, and after. */
export async function logs(
  cli: string,
  image: string,
  times: number,
): Promise<{ quiet: Taken; loud: Taken }> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home, PGLAB_IMAGE: image, PGLAB_RUN: 'bench-logs' };
  const ids: string[] = [];
  const make = async (line: string, count: number) => {
    for (let left = count; left > 0; left -= AT_ONCE) {
      const some = Array.from({ length: Math.min(left, AT_ONCE) }, () =>
        docker('run', '-d', image, 'sh', '-c', line),
      );
      ids.push(...(await Promise.all(some)));
    }
  };
  try {
    // Begun first: what was there before a run is never taken for the learner's, and nobody would ask its logs.
    const { status } = spawnSync(process.execPath, [cli, 'run', 'image', '--yes'], { env });
    if (status !== 0) throw new Error('the run could not be begun');
    await make('echo few words', CONTAINERS - LOUD);
    const waits = join('/tmp', 'say');
    const says = `seq -f %1000.0f ${LOG_BYTES / 1_000}; sleep infinity`;
    await make(`until [ -e ${waits} ]; do sleep 0.2; done; ${says}`, LOUD);
    const quiet = await checks(cli, env, times);
    for (const id of ids.slice(-LOUD)) execFileSync('docker', ['exec', id, 'touch', waits]);
    for (const id of ids.slice(-LOUD)) await saidAll(id);
    return { quiet, loud: await checks(cli, env, times) };
  } finally {
    for (let at = 0; at < ids.length; at += 20)
      execFileSync('docker', ['rm', '-fv', ...ids.slice(at, at + 20)], { stdio: 'ignore' });
    rmSync(home, { recursive: true, force: true });
  }
}

async function checks(cli: string, env: NodeJS.ProcessEnv, times: number): Promise<Taken> {
  const taken: Taken = { ms: [], mb: 0 };
  for (let at = 0; at < times; at += 1) {
    const started = performance.now();
    const child = spawn(process.execPath, [cli, 'check', STEP, '--yes'], { env, stdio: 'ignore' });
    const watch = setInterval(() => {
      taken.mb = Math.max(taken.mb, peakOf(child.pid ?? 0));
    }, 20);
    const code = await new Promise((resolve) => child.on('exit', resolve));
    clearInterval(watch);
    // Nothing of that step is there: what is measured is the look at all the others.
    if (code !== 1) throw new Error(`check ended with ${code}`);
    taken.ms.push(performance.now() - started);
  }
  return taken;
}

const start = promisify(execFile);

async function docker(...args: string[]): Promise<string> {
  return (await start('docker', args, { encoding: 'utf8' })).stdout.trim();
}

/** Its last line is there: the engine has written it all. */
async function saidAll(id: string): Promise<void> {
  for (;;) {
    const last = await docker('logs', '--tail', '1', id);
    if (last === String(LOG_BYTES / 1_000)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
