/** Chromium as Debian has it: it is installed where it is missing, as other suites install what they run on. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATH = '/usr/bin/chromium';

export async function chromiumPath(): Promise<string> {
  if (existsSync(PATH)) return PATH;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    env,
    stdio: 'ignore',
  });
  return PATH;
}
