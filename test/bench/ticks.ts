/** From an event on the engine, by its own clock, to the tick on the screen of a learner who works by hand. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn as spawnPty } from 'node-pty';
import { eventsOf } from './engine-events.ts';

const PORT = 6590;

/** The screen of a watch. `shows`: when it first had that, since it was last forgotten. */
function watchOf(cli: string, env: NodeJS.ProcessEnv) {
  const args = ['check', 'port-mapping', '--watch', '--lang', 'en', '--no-color'];
  const pty = spawnPty(process.execPath, [cli, ...args], { cols: 100, rows: 40, env: env as never });
  let seen: { at: number; text: string }[] = [];
  let isOver = false;
  pty.onData((text) => seen.push({ at: Date.now(), text }));
  pty.onExit(() => {
    isOver = true;
  });
  return {
    async shows(pattern: RegExp): Promise<number> {
      for (;;) {
        if (isOver) throw new Error(`the watch ended: ${seen.map(({ text }) => text).join('')}`);
        const hit = seen.find(({ text }) => pattern.test(text));
        if (hit) return hit.at;
        await sleep(5);
      }
    },
    forget() {
      seen = [];
    },
    end: () => pty.kill('SIGTERM'),
  };
}

/**
 * A container of one's own on another port than asked for keeps the step open; pausing it takes one
 * tick away, and letting it go on gives it back. Milliseconds, one a tick.
 */
export async function ticks(cli: string, image: string, count: number): Promise<number[]> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home, PGLAB_IMAGE: image, PGLAB_PORT: String(PORT) };
  // Begun first: of a container that was there before, the learner would be asked whose it is.
  const { status } = spawnSync(process.execPath, [cli, 'run', 'image', '--yes'], { env });
  if (status !== 0) throw new Error('the run could not be begun');
  const flags = ['-e', 'POSTGRES_PASSWORD=x', '-p', `${PORT + 1}:5432`];
  const id = execFileSync('docker', ['run', '-d', ...flags, image], { encoding: 'utf8' }).trim();
  const { shows, forget, end } = watchOf(cli, env);
  const { events, happened } = eventsOf(id);
  try {
    await shows(/✓ Postgres answers/);
    const taken: number[] = [];
    for (let at = 0; at < count; at += 1) {
      forget();
      execFileSync('docker', ['pause', id]);
      await shows(/is paused/);
      forget();
      happened.clear();
      execFileSync('docker', ['unpause', id]);
      const ticked = await shows(/✓ it runs/);
      while (!happened.has('unpause')) await sleep(5);
      taken.push(ticked - (happened.get('unpause') as number));
    }
    return taken;
  } finally {
    end();
    events.kill();
    execFileSync('docker', ['rm', '-fv', id]);
    rmSync(home, { recursive: true, force: true });
  }
}
