/** Loads a lab: its steps from a folder of `NN-id` files, its settings from `lab` beside them. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { Lab, LabSettings, Step } from './model.ts';

export interface LabFolders {
  id: string;
  steps: string;
  content: string;
}

/** PGLAB_LAB names a folder with a `content` folder in it; without it, the first of our own. */
export function labFolders(env: NodeJS.ProcessEnv): LabFolders {
  if (env.PGLAB_LAB) {
    const folder = resolve(env.PGLAB_LAB);
    const folders = { id: basename(folder), steps: folder, content: join(folder, 'content') };
    if (!isFolder(folder) || stepFiles(folders).length === 0) throw new Trouble('lab-missing', { folder });
    return folders;
  }
  const bundled = import.meta.url.endsWith('.ts')
    ? join(packageRoot, 'labs')
    : join(packageRoot, 'dist/labs');
  const id = readdirSync(bundled).sort()[0];
  if (!id) throw new Trouble('lab-missing', { folder: bundled });
  return { id, steps: join(bundled, id), content: join(packageRoot, 'content', id) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The steps' ids and file names (`03-detached-run`) in order, without loading any of them. */
export function stepFiles(folders: LabFolders): { id: string; file: string }[] {
  const found = readdirSync(folders.steps)
    .map((file) => /^((\d\d)-([a-z][a-z-]*))\.(ts|js|mjs)$/.exec(file))
    .filter((match) => match !== null)
    .map((match) => ({ id: match[3] as string, file: match[0] as string }));
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

export async function loadLab(folders: LabFolders): Promise<Lab> {
  const files = stepFiles(folders);
  if (files.length === 0) throw new Trouble('lab-missing', { folder: folders.steps });
  const steps = await Promise.all(files.map(({ file }) => imported<Step>(folders, file)));
  const settingsFile = readdirSync(folders.steps).find((file) => /^lab\.(ts|js|mjs)$/.test(file));
  const settings = settingsFile
    ? await imported<LabSettings>(folders, settingsFile)
    : { image: null, ports: {} };
  for (const [at, { id, file }] of files.entries()) {
    if (steps[at]?.id !== id) throw new Trouble('lab-broken', { file, why: `its id is ${steps[at]?.id}` });
  }
  return { id: folders.id, steps, settings };
}

async function imported<T>(folders: LabFolders, file: string): Promise<T> {
  try {
    return (await import(pathToFileURL(join(folders.steps, file)).href)).default;
  } catch (cause) {
    throw new Trouble('lab-broken', { file, why: messageOf(cause) }, { cause });
  }
}
