/** Opens a run for writing: its lab, its lock, its journal. */
import { randomBytes } from 'node:crypto';
import { journalFile, newRunId, openHome, rememberRun, runFolder } from '../home.ts';
import type { JournalLine } from '../journal/events.ts';
import { requireSameLab } from '../journal/lab-of-run.ts';
import { type Journal, openJournal } from '../journal/record.ts';
import { fingerprintOf, type LabFolders } from '../lab/find.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab } from '../lab/model.ts';
import { takeLock } from '../lock.ts';
import { packageVersion } from '../package-root.ts';
import type { Desk } from './desk.ts';

/** The opened journal of a run that is ours to write. */
export interface OpenRun {
  lab: Lab;
  folders: LabFolders;
  /** `fingerprintOf` the lab's files as they are now. */
  fingerprint: string;
  run: string;
  homeId: string;
  folder: string;
  journal: Journal;
  /** The journal's first line, where this process wrote it. */
  begun: JournalLine | null;
  /** The seq of the last line that the journal had before. */
  since: number;
  close(): void;
}

export async function openRun(desk: Desk): Promise<OpenRun> {
  const { settings } = desk;
  const lab = await loadLab(desk.folders);
  desk.content.know(lab);
  const home = openHome(settings.home);
  const run = desk.run ?? newRunId(new Date());
  const folder = runFolder(home.folder, run);
  const lock = takeLock(folder, run);
  try {
    const journal = openJournal(journalFile(home.folder, run), settings.participant, lock.isHeld);
    const { standing } = journal;
    requireSameLab(run, lab.id, standing);
    const since = standing.seq;
    const fingerprint = fingerprintOf(desk.folders);
    let begun: JournalLine | null = null;
    if (standing.begun === null) {
      const version = packageVersion();
      const id = randomBytes(6).toString('hex');
      begun = journal.append({
        ...{ type: 'run-started', lab: lab.id, content: fingerprint, pglab: version, journal: id },
      });
    }
    rememberRun(home.folder, lab.id, run);
    return {
      lab,
      folders: desk.folders,
      fingerprint,
      run,
      homeId: home.id,
      folder,
      journal,
      begun,
      since,
      close() {
        journal.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
