/** From an event on the engine, by its own clock, to the map of `pglab map --watch` that shows it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn as spawnPty } from 'node-pty';

/** Milliseconds until a map that does not say it is given up. */
const LONGEST = 30_000;

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}

/** When the engine says that it happened to the container, in milliseconds. */
function toldOf(id: string, action: string, since: string): number {
  const filters = ['--filter', `container=${id}`, '--filter', `event=${action}`];
  const within = ['--since', since, '--until', String(Date.now() / 1000)];
  const lines = docker('events', ...filters, ...within, '--format', '{{.TimeNano}}');
  return Number(lines.split('\n').at(-1)) / 1e6;
}

/** A container that is paused and goes on again, `count` times. Milliseconds, one for each pause. */
export async function redraws(cli: string, image: string, count: number): Promise<number[]> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home };
  const flags = ['--label', 'pglab.run=bench', '-p', '5432:5432', '--entrypoint', 'sleep'];
  const id = docker('run', '-d', ...flags, image, '600');
  const args = [cli, 'map', '--watch', '--lang', 'en', '--no-color'];
  const pty = spawnPty(process.execPath, args, { cols: 100, rows: 40, env: env as never });
  let seen = { at: 0, text: '' };
  pty.onData((text) => {
    seen = { at: Date.now(), text: seen.text + text };
  });
  /** When what was written since then had these words; looked for after each piece, so at most 2 ms late. */
  const shows = async (words: string) => {
    const limit = Date.now() + LONGEST;
    while (!seen.text.includes(words)) {
      if (Date.now() > limit) throw new Error(`the map does not say "${words}":\n${seen.text}`);
      await sleep(2);
    }
    return seen.at;
  };
  try {
    await shows('running since');
    const taken: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const since = String(Date.now() / 1000);
      seen = { at: 0, text: '' };
      docker('pause', id);
      const drawn = await shows('paused');
      taken.push(drawn - toldOf(id, 'pause', since));
      seen = { at: 0, text: '' };
      docker('unpause', id);
      await shows('running since');
    }
    return taken;
  } finally {
    pty.kill('SIGTERM');
    docker('rm', '-fv', id);
    rmSync(home, { recursive: true, force: true });
  }
}
