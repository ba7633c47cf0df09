/** Other Nodes to run on: packages of the registry that carry the binaries, kept outside of the checkout. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pglab', 'nodes');

/** The program of this version, such as `26`: the newest of that line when it was first fetched. */
export function nodeOf(version: string): string {
  const folder = join(FOLDER, version);
  const program = join(folder, 'bin/node');
  if (existsSync(program)) return program;
  mkdirSync(FOLDER, { recursive: true });
  const aside = mkdtempSync(join(FOLDER, '.fetching-'));
  try {
    const fetched = npm(aside, 'pack', '--json', `node-linux-${process.arch}@${version}`);
    const [{ filename }] = JSON.parse(fetched);
    execFileSync('tar', ['xzf', join(aside, filename), '-C', aside, '--strip-components=1']);
    rmSync(join(aside, filename));
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return program;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
