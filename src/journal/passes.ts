/** A run may be passed through several times: a reset of the whole run archives its journal, and the next pass begins one. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { requireFolder } from '../own-files.ts';

const LIVE = 'journal.jsonl';
const ARCHIVED = /^journal\.(\d+)\.archived\.jsonl$/;

/** Journals of the passes that a reset ended, in this run's folder, oldest first. */
export function archivedIn(runFolder: string): string[] {
  if (!existsSync(runFolder)) return [];
  requireFolder(runFolder);
  const at = (file: string) => Number(ARCHIVED.exec(file)?.[1]);
  const files = readdirSync(runFolder).filter((file) => ARCHIVED.test(file));
  return files.sort((a, b) => at(a) - at(b)).map((file) => join(runFolder, file));
}

/** Journals of all passes, oldest first; the one that goes on last. */
export function passesIn(runFolder: string): string[] {
  const live = join(runFolder, LIVE);
  return [...archivedIn(runFolder), ...(existsSync(live) ? [live] : [])];
}

/** Ends a pass: its journal is kept, beside those of earlier ones. */
export function archive(file: string): void {
  renameSync(file, file.replace(/\.jsonl$/, `.${Date.now()}.archived.jsonl`));
}
