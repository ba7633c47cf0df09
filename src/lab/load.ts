/** Loads a lab: its steps from a folder of `NN-id` files, its settings from `lab` beside them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt } from '../package-root.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { visibleValue } from '../visible.ts';
import { type LabFolders, labFile, stepFiles } from './find.ts';
import type { Lab, LabSettings, Step } from './model.ts';
import { misshapenIn } from './shape.ts';
import { templateOf } from './template.ts';

/** Trouble `lab-broken` where a file cannot be used, `lab-needs-javascript` where this Node cannot read it. */
export async function loadLab(folders: LabFolders): Promise<Lab> {
  const files = stepFiles(folders);
  if (files.length === 0) throw new Trouble('lab-missing', { folder: folders.steps });
  const settingsFile = labFile(folders, 'lab');
  await requireSound(folders, [...files.map(({ file }) => file), ...(settingsFile ? [settingsFile] : [])]);
  const steps = await Promise.all(files.map(({ file }) => imported<Step>(folders, file)));
  const settings = settingsFile
    ? await imported<LabSettings>(folders, settingsFile)
    : { image: null, ports: {} };
  requireShape('settings', settings, settingsFile ?? 'lab');
  for (const [at, { id, file }] of files.entries()) {
    requireShape('step', steps[at], file);
    if (steps[at]?.id !== id)
      throw new Trouble('lab-broken', { file, why: `its id is \`${visibleValue(String(steps[at]?.id))}\`` });
    parseLines(steps[at], file);
  }
  if (folders.bundled) return { id: folders.id, steps, settings };
  const { heldToVerdicts } = await import('./outside-check.ts');
  return {
    id: folders.id,
    steps: steps.map((step, at) => heldToVerdicts(step, files[at]?.file ?? '')),
    settings,
  };
}

/** Trouble `lab-broken` where a part is not what it must be; a part that means nothing is left alone. */
function requireShape(what: 'step' | 'settings', exported: unknown, file: string): void {
  for (const found of misshapenIn(what, exported)) {
    if (!('wanted' in found)) continue;
    const part = found.part === '' ? 'its default export' : found.part;
    throw new Trouble('lab-broken', { file, why: `${part} must be ${found.wanted}` });
  }
}

/** A line that could not be filled safely is refused before anything runs. */
function parseLines({ commands }: Step, file: string): void {
  for (const line of commands.flatMap(({ run, terminal }) => [run, terminal ?? []].flat())) {
    try {
      templateOf(line);
    } catch (cause) {
      const why = cause instanceof Trouble ? String(cause.values.why) : messageOf(cause);
      throw new Trouble('lab-broken', { file, why: `in \`${line}\` ${why}` }, { cause });
    }
  }
}

/** What a file of the lab exports as its default. */
export async function imported<T>(folders: LabFolders, file: string): Promise<T> {
  const { steps, bundled } = folders;
  await requireSound(folders, [file]);
  if (!bundled) (await import('./kit-for-labs.ts')).giveKit();
  const path = join(steps, file);
  try {
    // Ours is CommonJS when it is built; Node's loader of ES modules would take several times as long.
    if (bundled && isBuilt) return createRequire(path)(path).default;
    const { default: found } = await import(pathToFileURL(path).href);
    // Of CommonJS made from an ES module Node gives the whole as the default.
    return readThrough(found?.__esModule ? found.default : found);
  } catch (cause) {
    if (file.endsWith('.ts') && codeOf(cause) === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new Trouble('lab-needs-javascript', { file, node: process.version }, { cause });
    }
    throw new Trouble('lab-broken', { file, why: messageOf(cause) }, { cause });
  }
}

/** A lab from elsewhere is tried out before any of its code runs here: none of these files hangs, or ends the program. */
export async function requireSound(folders: LabFolders, files: readonly string[]): Promise<void> {
  if (folders.bundled) return;
  const fault = await (await import('./trial.ts')).faultIn(folders, files);
  if (fault) throw fault;
}

/** Deep enough for any part of a step that has a shape. */
const DEEPEST = 6;

/** The value itself, once each part of it was looked at: a part that throws when it is read does so here. */
function readThrough<T>(value: T, deep = DEEPEST): T {
  if (typeof value !== 'object' || value === null || deep === 0) return value;
  for (const part of Object.values(value)) readThrough(part, deep - 1);
  return value;
}

function codeOf(thrown: unknown): unknown {
  return (thrown as NodeJS.ErrnoException | null | undefined)?.code;
}
