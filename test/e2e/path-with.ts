/** For what happens where a tool is missing. */
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PATH on which these tools are, and no others. */
export function pathWith(...tools: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-path-'));
  for (const tool of tools) {
    const from = (process.env.PATH ?? '').split(':').find((each) => existsSync(join(each, tool)));
    if (!from) throw new Error(`${tool} is not on this machine`);
    symlinkSync(join(from, tool), join(folder, tool));
  }
  return folder;
}
