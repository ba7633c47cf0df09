/** A run may be passed through several times: a reset of the whole run archives its journal, and the next pass begins one. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { requireFolder } from '../own-files.ts';

const LIVE = 'journal.jsonl';
const ARCHIVED = /^journal\.(\d+)\.archived\.jsonl$/;

/** Journals of the passes that a reset ended, in this run's folder, oldest first. */
export function archivedIn(runFolder: string): string[] {
  if (!existsSync(runFolder)) return [];
  requireFolder(runFolder);
  const files = readdirSync(runFolder).filter((file) => ARCHIVED.test(file));
  return files.sort((a, b) => stampOf(a) - stampOf(b)).map((file) => join(runFolder, file));
}

/** Milliseconds in the name of an archived journal; 0: it has none. */
function stampOf(file: string): number {
  return Number(ARCHIVED.exec(basename(file))?.[1] ?? 0);
}

/** Journals of all passes, oldest first; the one that goes on last. */
export function passesIn(runFolder: string): string[] {
  const live = join(runFolder, LIVE);
  return [...archivedIn(runFolder), ...(existsSync(live) ? [live] : [])];
}

/** Ends a pass: its journal is kept, beside those of earlier ones, and behind them, also where the clock was set back. */
export function archive(file: string): void {
  const last = archivedIn(dirname(file)).at(-1) ?? '';
  const stamp = Math.max(Date.now(), stampOf(last) + 1);
  renameSync(file, file.replace(/\.jsonl$/, `.${stamp}.archived.jsonl`));
}
