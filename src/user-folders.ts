/** Where each platform keeps what a program of a user's remembers: XDG's folders, Library, AppData. */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Trouble } from './trouble.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home folder; null where neither HOME nor the system names one, as for a uid without an account. */
export function userHome(): string | null {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const folder = ask();
      if (isAbsolute(folder)) return folder;
    } catch {
      // The system knows nobody by this uid.
    }
  }
  return null;
}

/** Where runs are kept. Trouble `no-home` where there is no home folder to keep them in. */
export function stateFolder(env: Environment): string {
  return platformFolder(env, {
    linux: () => env.XDG_STATE_HOME || join(home(), '.local/state'),
    darwin: () => join(home(), 'Library/Application Support'),
    win32: 'Data',
  });
}

/** Where what can be had again is kept. Trouble `no-home` as above. */
export function cacheFolder(env: Environment): string {
  return platformFolder(env, {
    linux: () => env.XDG_CACHE_HOME || join(home(), '.cache'),
    darwin: () => join(home(), 'Library/Caches'),
    win32: 'Cache',
  });
}

/** On Windows the folder of a program has one for each kind in it. */
function platformFolder(
  { LOCALAPPDATA }: Environment,
  { linux, darwin, win32 }: { linux(): string; darwin(): string; win32: string },
): string {
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(home(), 'AppData', 'Local'), 'pglab', win32);
  return join(process.platform === 'darwin' ? darwin() : linux(), 'pglab');
}

function home(): string {
  const folder = userHome();
  if (folder === null) throw new Trouble('no-home', { uid: process.getuid?.() ?? '?' });
  return folder;
}
