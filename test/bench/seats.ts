/** The whole walk by so many runs at once on one engine: how wall time and pglab's memory grow. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Seconds until the last of them has ended, and the largest resident set of one of them, in MB. */
export async function seats(
  cli: string,
  image: string,
  count: number,
): Promise<{ seconds: number; mb: number }> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home, PGLAB_IMAGE: image };
  const started = performance.now();
  let mb = 0;
  const walks = Array.from({ length: count }, (_, at) => {
    const child = spawn(process.execPath, [cli, 'run', '--all', '--yes', '--run', `seat-${at}`], {
      env,
      stdio: 'ignore',
    });
    const watch = setInterval(() => {
      mb = Math.max(mb, peakOf(child.pid ?? 0));
    }, 500);
    return new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => {
        clearInterval(watch);
        if (code === 0) resolve();
        else reject(new Error(`seat ${at} of ${count} ended with ${code}`));
      });
    });
  });
  await Promise.all(walks);
  const seconds = (performance.now() - started) / 1000;
  const reset = spawnSync(process.execPath, [cli, 'reset', '--all-runs', '--yes'], { env, encoding: 'utf8' });
  if (reset.status !== 0) throw new Error(`the reset of ${count} seats: ${reset.stderr}`);
  rmSync(home, { recursive: true, force: true });
  return { seconds, mb };
}

/** proc(5): VmHWM is the peak of the resident set, in kB. */
export function peakOf(pid: number): number {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kb ?? 0) / 1000);
  } catch {
    return 0;
  }
}
