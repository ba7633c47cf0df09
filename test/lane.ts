/**
 * A lane runs files of tests one after another, on an engine of its own. The first is this process and this machine's
 * network; the second is a process in a network namespace, where nothing of the first can be met, and nothing outside.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stageDown } from './e2e/stage.ts';
import { MADE, type Outcome, runFile } from './suite-file.ts';

export interface Lane {
  run(name: string): Promise<Outcome>;
  end(): Promise<void>;
}

/** Prints as it goes, for it is alone; else each report whole. */
export function laneHere(alone: boolean): Lane {
  return { run: alone ? (name) => runFile(name, write) : reportedWhole, end: stageDown };
}

/** `env`: from before the first lane's engine was up. */
export function laneApart(env: NodeJS.ProcessEnv): Lane {
  const program = [process.execPath, ...process.execArgv, join(MADE, 'lane-apart.js')];
  const inside = ['--net', 'bash', '-c', 'ip link set lo up && exec "$@"', 'bash', ...program];
  const child = spawn('unshare', inside, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    async run(name) {
      child.send(name);
      const [answer] = await Promise.race([once(child, 'message'), ended(child)]);
      return answer as Outcome;
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function ended(child: ChildProcess): Promise<never> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  throw new Error('the lane apart ended');
}

/** Prints the report of a file when it is whole, so that two do not mingle. */
export async function reportedWhole(name: string): Promise<Outcome> {
  const report: string[] = [];
  const outcome = await runFile(name, (text) => report.push(text));
  write(report.join(''));
  return outcome;
}

function write(text: string): void {
  process.stdout.write(text);
}
