/** Whether files of a lab from elsewhere can be loaded at all: they are tried out in a process of their own first. */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isBuilt, packageRoot } from '../package-root.ts';
import { Trouble } from '../trouble.ts';
import type { LabFolders } from './find.ts';

/** A file of a lab is data and a few imports; a process of Node with the kit takes a while to begin on a busy machine. */
const LOADED_WITHIN_MS = 10_000;
const BEGINS_WITHIN_MS = 60_000;

/** Characters of a line that a trial says. */
const LONGEST_LINE = 20_000;

interface Told {
  begun?: string;
  passed?: string;
  late?: string;
  waits?: true;
}

/** What is known of each file, by its path; null: it comes to its end. */
const tried = new Map<string, Trouble | null>();

/** The first of these files that never ends, or ends the program: trouble `lab-broken`; null where none does. */
export async function faultIn({ steps }: LabFolders, files: readonly string[]): Promise<Trouble | null> {
  const known = (file: string) => tried.get(join(steps, file));
  for (const file of files) {
    if (!tried.has(join(steps, file))) {
      const rest = files.slice(files.indexOf(file)).filter((each) => known(each) === undefined);
      await tryOut(steps, rest);
    }
    const fault = known(file);
    if (fault) return fault;
  }
  return null;
}

/** Until the first that has a fault. */
async function tryOut(folder: string, files: readonly string[]): Promise<void> {
  const odd = files.findIndex((file) => !statSync(join(folder, file), { throwIfNoEntry: false })?.isFile());
  const plain = odd < 0 ? files : files.slice(0, odd);
  if (plain.length === 0) return know(folder, files[0] as string, 'why-lab-file-odd');
  const { passed, begun, late, waits, isLong, isStarted } = await trialOf(folder, plain);
  for (const file of passed) tried.set(join(folder, file), null);
  // Where no process can be made, whoever loads a file finds out.
  if (!isStarted) for (const file of plain) tried.set(join(folder, file), null);
  if (begun === null) return;
  if (late !== null) tried.set(join(folder, begun), new Trouble('lab-broken', { file: begun, why: late }));
  else if (waits || isLong) know(folder, begun, waits ? 'why-lab-file-waits' : 'why-lab-file-long');
  else know(folder, begun, 'why-lab-file-ends');
}

function know(folder: string, file: string, why: string): void {
  const seconds = LOADED_WITHIN_MS / 1000;
  tried.set(join(folder, file), new Trouble('lab-broken', { file, why, seconds }));
}

interface Trial {
  passed: string[];
  /** The file at which it ended; null: it came through. */
  begun: string | null;
  /** What was thrown after the file was loaded. */
  late: string | null;
  waits: boolean;
  /** It was ended by us. */
  isLong: boolean;
  isStarted: boolean;
}

function trialOf(folder: string, files: readonly string[]): Promise<Trial> {
  const trial: Trial = {
    ...{ passed: [], begun: null, late: null, waits: false },
    ...{ isLong: false, isStarted: false },
  };
  const program = isBuilt
    ? [join(packageRoot, 'dist/src/lab-trial.js')]
    : ['--import', 'tsx', join(packageRoot, 'src/lab-trial.ts')];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program, folder, ...files], {
      ...{ stdio: ['ignore', 'ignore', 'ignore', 'pipe'], windowsHide: true },
    });
    const end = () => {
      trial.isLong = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(end, BEGINS_WITHIN_MS);
    let rest = '';
    (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
      for (const line of lines) heard(trial, line);
      clearTimeout(timer);
      timer = setTimeout(end, LOADED_WITHIN_MS);
    });
    const done = () => {
      clearTimeout(timer);
      resolve(trial);
    };
    child.once('error', done).once('close', done);
  });
}

function heard(trial: Trial, line: string): void {
  trial.isStarted = true;
  const told = toldIn(line);
  if (told === null) return;
  const { begun, passed, late, waits } = told;
  if (typeof begun === 'string') trial.begun = begun;
  else if (typeof late === 'string') trial.late = late;
  else if (waits === true) trial.waits = true;
  else if (typeof passed === 'string') {
    trial.passed.push(passed);
    trial.begun = null;
  }
}

/** Null for what the trial did not say: a file of the lab can write there as well. */
function toldIn(line: string): Told | null {
  try {
    const told: unknown = JSON.parse(line);
    return typeof told === 'object' ? (told as Told) : null;
  } catch {
    return null;
  }
}
