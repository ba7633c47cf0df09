/** Starts the board's own process, which goes on when we have ended. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TroubleKey } from '../../content-keys.ts';
import { isBuilt, packageRoot } from '../../package-root.ts';
import { Trouble } from '../../trouble.ts';
import type { Values } from '../../values.ts';

/** What the process tells of itself, once. */
export type BoardSays =
  | { is: 'ready' }
  | { is: 'trouble'; code: TroubleKey; values: Values }
  | { is: 'bug'; stack: string };

/** Resolves once it serves. The trouble of the process is thrown as ours. */
export async function startBoardProcess(
  home: string,
  id: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const program = isBuilt
    ? [join(packageRoot, 'dist/src/board-process.js')]
    : ['--import', 'tsx', join(packageRoot, 'src/board-process.ts')];
  const child = spawn(process.execPath, [...program, home, id], {
    ...{ detached: true, windowsHide: true, cwd: packageRoot },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, ...env },
  });
  const says = await new Promise<BoardSays>((resolve, reject) => {
    child.once('message', (message) => resolve(message as BoardSays));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ is: 'bug', stack: `the board has ended (${code})` }));
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (says.is === 'trouble') throw new Trouble(says.code, says.values);
  if (says.is === 'bug') throw new Error(says.stack);
}
