/** Finds labs: those of the package by id, others by the path of their folder. */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { isSlug } from '../names.ts';
import { defaultLab, isBuilt, packageRoot } from '../package-root.ts';
import { messageOf, Trouble, Usage } from '../trouble.ts';
import { knownBy } from './bounded-files.ts';

export interface LabFolders {
  /** The name of its folder: `postgres-in-docker`. */
  id: string;
  /** Where its step files lie, and where their prose. */
  steps: string;
  content: string;
  /** It came with pglab. Any other one is code from elsewhere. */
  bundled: boolean;
}

/** Built, the labs of the package are JavaScript in dist; run from the sources they are what is in labs. */
function bundledFolder(): string {
  return join(packageRoot, isBuilt ? 'dist/labs' : 'labs');
}

/** The labs that come with pglab: the article's first, then by id. */
export function bundledLabs(): LabFolders[] {
  const folder = bundledFolder();
  const ids = readdirSync(folder).filter(
    (id) => isSlug(id) && stepFiles({ steps: join(folder, id) }).length > 0,
  );
  const first = defaultLab();
  ids.sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1));
  return ids.map((id) => bundledLab(folder, id));
}

function bundledLab(folder: string, id: string): LabFolders {
  return { id, steps: join(folder, id), content: join(packageRoot, 'content', id), bundled: true };
}

/**
 * `asked`: the id of a lab of the package, or a path, which has a slash: `./mine`. Null: the article's.
 * Trouble `lab-missing` where no steps are there; usage `unknown-lab` where no lab has that id.
 */
export function labFolders(asked: string | null): LabFolders {
  if (asked !== null && (asked.includes('/') || asked.includes(sep))) return labAt(asked);
  const id = asked ?? defaultLab();
  const folder = bundledFolder();
  const found = isSlug(id) && stepFiles({ steps: join(folder, id) }).length > 0;
  if (found) return bundledLab(folder, id);
  const known = bundledLabs().map((lab) => lab.id);
  throw new Usage('unknown-lab', { word: id, known: known.join(', ') });
}

/** The lab in this folder, with its prose in a folder `content` inside. */
function labAt(path: string): LabFolders {
  const steps = resolve(path);
  if (stepFiles({ steps }).length === 0) throw new Trouble('lab-missing', { folder: steps });
  const id = basename(steps);
  if (!isSlug(id)) throw new Trouble('lab-id', { folder: steps, id });
  // Somebody may name a lab of the package by its path.
  const own = bundledLab(bundledFolder(), id);
  return own.steps === steps ? own : { id, steps, content: join(steps, 'content'), bundled: false };
}

/**
 * The steps' ids and file names (`03-detached-run.js`) in order, without loading any of them; none where
 * there is no such folder. Of a step in two forms, JavaScript is the one that runs everywhere.
 */
export function stepFiles({ steps }: Pick<LabFolders, 'steps'>): { id: string; file: string }[] {
  if (!statSync(steps, { throwIfNoEntry: false })?.isDirectory()) return [];
  const byStem = new Map<string, { id: string; file: string }>();
  for (const file of readdirSync(steps).sort()) {
    const match = /^(\d\d-([a-z][a-z-]*))\.(js|mjs|ts)$/.exec(file);
    if (match && !byStem.has(match[1] as string))
      byStem.set(match[1] as string, { id: match[2] as string, file });
  }
  return [...byStem.values()];
}

/** `03-detached-run` of `03-detached-run.js`: the name of its prose, too. */
export function stemOf(file: string): string {
  return file.replace(/\.\w+$/, '');
}

/** A file of the lab beside its steps, such as `lab` or `worlds`; null where it has none. */
export function labFile({ steps }: Pick<LabFolders, 'steps'>, name: string): string | null {
  const there = readdirSync(steps);
  return [`${name}.js`, `${name}.mjs`, `${name}.ts`].find((file) => there.includes(file)) ?? null;
}

/**
 * What a lab consists of, as twelve hex digits: steps and prose. Two labs of one id that differ anywhere have
 * different ones, and so has one that was changed since a run began.
 */
export function fingerprintOf({ steps, content }: LabFolders): string {
  const hash = createHash('sha256');
  for (const folder of [steps, content]) {
    for (const file of filesIn(folder)) {
      const { size, bytes } = known(join(folder, file));
      hash.update(`${file}\0`).update(bytes);
      // Of what was read whole, the bytes are all.
      hash.update(bytes.length < size ? `\0${size}\0` : '\0');
    }
  }
  return hash.digest('hex').slice(0, 12);
}

function known(file: string): ReturnType<typeof knownBy> {
  try {
    return knownBy(file);
  } catch (cause) {
    throw new Trouble('content-broken', { file, why: messageOf(cause) }, { cause });
  }
}

/** Of a lab with more files its folder is not the lab's own: a link to another place, a whole home. */
const MOST_FILES = 5_000;

/** The files below a folder, in the same order on every machine; none where it is not there. Without node_modules. */
function filesIn(folder: string, below = '', found: string[] = []): string[] {
  for (const entry of entriesOf(join(folder, below))) {
    const file = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) filesIn(folder, file, found);
    else if (entry.isFile()) found.push(file);
    if (found.length > MOST_FILES)
      throw new Trouble('content-broken', { file: folder, why: 'why-lab-too-much', most: MOST_FILES });
  }
  return found;
}

function entriesOf(path: string): Dirent[] {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    const entries = readdirSync(path, { withFileTypes: true }).filter(
      ({ name }) => !name.startsWith('.') && name !== 'node_modules',
    );
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new Trouble('content-broken', { file: path, why: messageOf(cause) }, { cause });
  }
}
