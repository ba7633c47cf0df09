/**
 * Which names of images this home's pglab gave: by a pull, from a tarball, by a build. A file of the home, a line each;
 * what nobody wrote down there is not ours to remove, whatever an image says of itself.
 */
import { closeSync, constants, existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine/types.ts';
import { isImageId, isImageName } from '../names.ts';
import { linesOfOwn, makeOwnFolder, openOwn } from '../own-files.ts';

const LONGEST_LINE = 4_000;

interface Line {
  /** Engines of one machine may share their id: so with it where an engine keeps its data. */
  engine: string;
  root: string;
  id: string;
  names: string[];
  is: 'given' | 'taken';
}

export class OwnImages {
  /** The home. */
  readonly folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#file = join(folder, 'images');
  }

  /** These names mean this image from now on, and did not before. */
  given(engine: Engine, id: string, names: readonly string[]): void {
    if (names.length > 0) this.#append(engine, id, names, 'given');
  }

  taken(engine: Engine, id: string, names: readonly string[]): void {
    this.#append(engine, id, names, 'taken');
  }

  /** The names that were given on this engine and not taken since, each with the id of its image. */
  on({ info, root }: Engine): Map<string, string> {
    const found = new Map<string, string>();
    if (!existsSync(this.#file)) return found;
    for (const { text } of linesOfOwn(this.#file, LONGEST_LINE)) {
      const line = text === null ? null : lineIn(text);
      if (line?.engine !== info.id || line.root !== root) continue;
      for (const name of line.names)
        if (line.is === 'given') found.set(name, line.id);
        else found.delete(name);
    }
    return found;
  }

  /** A home that cannot be written to is no obstacle: the image stays then, as if somebody else had got it. */
  #append({ info, root }: Engine, id: string, names: readonly string[], is: Line['is']): void {
    const line: Line = { engine: info.id, root, id, names: [...names], is };
    try {
      makeOwnFolder(this.folder);
      const file = openOwn(this.#file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
      try {
        writeSync(file, `${JSON.stringify(line)}\n`);
      } finally {
        closeSync(file);
      }
    } catch {}
  }
}

function lineIn(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Line;
    const isWhole = isImageId(line.id) && line.names.every(isImageName) && /^(given|taken)$/.test(line.is);
    return isWhole ? line : null;
  } catch {
    return null;
  }
}
