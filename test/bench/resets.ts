/** A reset of twenty containers with a volume each, beside one `docker rm -fv` of the like. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNT = 20;
const RUN = 'bench-reset';

/** Milliseconds of whole processes, pair by pair. */
export function resets(cli: string, image: string, pairs: number): { ours: number[]; byHand: number[] } {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home, PGLAB_IMAGE: image, PGLAB_RUN: RUN };
  const taken = { ours: [] as number[], byHand: [] as number[] };
  for (let at = 0; at < pairs; at += 1) {
    const { status } = spawnSync(process.execPath, [cli, 'run', 'image', '--yes'], { env });
    if (status !== 0) throw new Error('the run could not be begun');
    const labels = [`pglab.home=${readFileSync(join(home, 'home-id'), 'utf8').trim()}`, `pglab.run=${RUN}`];
    // The lab labels its volumes as well: they are found and proved to be gone on their own.
    const marks = labels.map((label) => `volume-label=${label}`).join(',');
    const mount = (more: string) => ['--mount', `type=volume,dst=/var/lib/postgresql/data${more}`];
    const theirs = containers(image, mount(''));
    taken.byHand.push(timed(() => execFileSync('docker', ['rm', '-fv', ...theirs])));
    containers(image, [...labels.flatMap((label) => ['--label', label]), ...mount(`,${marks}`)]);
    taken.ours.push(timed(() => execFileSync(process.execPath, [cli, 'reset', '--yes'], { env })));
  }
  rmSync(home, { recursive: true, force: true });
  return taken;
}

/** Running, each with the anonymous volume that the image asks for. */
function containers(image: string, flags: readonly string[]): string[] {
  const run = ['run', '-d', ...flags, '--entrypoint', 'sleep', image, 'infinity'];
  return Array.from({ length: COUNT }, () => execFileSync('docker', run, { encoding: 'utf8' }).trim());
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
