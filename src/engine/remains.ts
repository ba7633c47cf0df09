/** What an engine of ours leaves behind when it ends, and more so when it is killed: processes, mounts, files. */

import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processesWith } from '../running-processes.ts';
import { run } from '../shell.ts';
import type { BuiltIn } from './built-in-folders.ts';
import { putNetworkBack } from './host-network.ts';
import { childrenOf, isAlive, isHere } from './processes.ts';

/**
 * Removes all but the data of an engine whose dockerd is gone. Returns what of this machine's network could not be
 * put back.
 */
export async function clearLeft(engine: BuiltIn): Promise<string[]> {
  await endLeft(engine);
  await unmountLeft(engine);
  await rm(engine.runtime, { recursive: true, force: true });
  const left = await putNetworkBack(engine.network);
  await rm(engine.record, { force: true });
  return left;
}

/** Process ids of its containerd and of its containers' shims, which outlive an engine that was killed. */
export async function leftBy({ runtime }: BuiltIn): Promise<number[]> {
  const named = await processesWith([join(runtime, 'exec', 'containerd', 'containerd')]);
  // The same path may lie in another container's file system; and an editor's command line may name it.
  return named.filter(
    (pid) => isHere(pid) && ['containerd', 'containerd-shim'].some((program) => isAlive(pid, program)),
  );
}

/** Ends each by its process id; before a shim, the process of the container that the shim holds. */
async function endLeft(engine: BuiltIn): Promise<void> {
  for (const pid of await leftBy(engine)) {
    for (const each of [...childrenOf(pid), pid]) {
      try {
        process.kill(each, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}

/**
 * The engine leaves some mounts, such as the host's network that a container used; deepest first. One that
 * was killed also leaves its data folder mounted on itself, where nobody can remove it. Fields as in proc(5).
 */
async function unmountLeft({ runtime, data }: BuiltIn): Promise<void> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , , root = '', target = '']) => ({ root: unescaped(root), target: unescaped(target) }))
    .filter(({ root, target }) => {
      const isOnItself = target === data && root !== '/' && target.endsWith(root);
      return isOnItself || target.startsWith(`${runtime}/`) || target.startsWith(`${data}/`);
    })
    .sort((a, b) => b.target.length - a.target.length);
  for (const { target } of mounts) await run(['umount', target]);
}

/** Spaces and the like are written there as \\040: in octal. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The engine takes whatever process its helper's pid file names for the helper. After a SIGKILL that may be
 * a zombie, where nobody reaps (a container without an init), or by now somebody else.
 */
export async function forgetDead(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!isAlive(pid, 'containerd')) await rm(pidFile, { force: true });
}
