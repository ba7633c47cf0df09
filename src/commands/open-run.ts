/** Opens a run for writing: its lab, its lock, its journal. */
import { randomBytes } from 'node:crypto';
import { journalFile, newRunId, openHome, rememberRun, runFolder } from '../home.ts';
import type { JournalLine } from '../journal/events.ts';
import { requireSameLab } from '../journal/lab-of-run.ts';
import { type Journal, openCopy, openJournal } from '../journal/record.ts';
import { fingerprintOf, type LabFolders } from '../lab/find.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab } from '../lab/model.ts';
import { takeLock } from '../lock.ts';
import { packageVersion } from '../package-root.ts';
import type { Trouble } from '../trouble.ts';
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
  /** The trouble of who would write it, where another process does: this one looks on, and its lines are kept nowhere. */
  held: Trouble | null;
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
      held: null,
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

/** The run as it stands, while another process has it: `held` is what that one's lock says. */
export async function openBeside({ settings, folders, content, run }: Desk, held: Trouble): Promise<OpenRun> {
  const { folder: home, id: homeId } = openHome(settings.home);
  if (run === null) throw held;
  const journal = openCopy(journalFile(home, run), settings.participant);
  // It is just being begun.
  if (journal.standing.begun === null) throw held;
  const lab = await loadLab(folders);
  requireSameLab(run, lab.id, journal.standing);
  content.know(lab);
  return {
    ...{ lab, folders, run, homeId, journal, held, begun: null },
    fingerprint: fingerprintOf(folders),
    folder: runFolder(home, run),
    since: journal.standing.seq,
    close: () => journal.close(),
  };
}
