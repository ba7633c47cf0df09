/** Opens a link in the browser of a desktop, where there is one and somebody sits at it. */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { hasTool, startDaemon } from '../shell.ts';

/** What opens a link there; null: nobody would see it. */
function opener(env: NodeJS.ProcessEnv): string | null {
  if (!process.stdout.isTTY || env.SSH_CONNECTION || env.CI) return null;
  if (process.platform === 'darwin') return 'open';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}

/**
 * The link is printed all the same: whether a browser came up nobody tells us. It outlives us where it did. False:
 * there is none to open.
 */
export function openInBrowser(link: string): boolean {
  const tool = opener(process.env);
  if (tool === null || !hasTool(tool)) return false;
  const nowhere = openSync(devNull, 'w');
  startDaemon([tool, link], nowhere);
  closeSync(nowhere);
  return true;
}
