/**
 * Which names of images this home's pglab gave: by a pull, from a tarball, by a build. A file of the home, a line each;
 * what nobody wrote down there is not ours to remove, whatever an image says of itself.
 */
import { closeSync, constants, existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine/types.ts';
import { familiarName, withTag } from '../grammar.ts';
import { isImageId, isImageName } from '../names.ts';
import { linesOfOwn, makeOwnFolder, openOwn } from '../own-files.ts';

/** Beside it, a user without a home folder has `images`: their tarballs. */
const OWN_IMAGES = 'own-images';

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
    this.#file = join(folder, OWN_IMAGES);
  }

  /** These names mean this image from now on, and did not before. */
  given(engine: Engine, id: string, names: readonly string[]): void {
    if (names.length > 0) this.#append(engine, id, names, 'given');
  }

  taken(engine: Engine, id: string, names: readonly string[]): void {
    this.#append(engine, id, names, 'taken');
  }

  /** The ids of all that was ever given a name on this engine: of what was built anew, the old one has none left. */
  idsOn(engine: Engine): Set<string> {
    return new Set([...this.#lines(engine)].flatMap(({ id, is }) => (is === 'given' ? [id] : [])));
  }

  /** The names that were given on this engine and not taken since, each with the id of its image. */
  on(engine: Engine): Map<string, string> {
    const found = new Map<string, string>();
    for (const line of this.#lines(engine)) {
      for (const name of line.names)
        if (line.is === 'given') found.set(name, line.id);
        else found.delete(name);
    }
    return found;
  }

  *#lines({ info, root }: Engine): Generator<Line> {
    if (!existsSync(this.#file)) return;
    for (const { text } of linesOfOwn(this.#file, LONGEST_LINE)) {
      const line = text === null ? null : lineIn(text);
      if (line?.engine === info.id && line.root === root) yield line;
    }
  }

  /** A home that cannot be written to is no obstacle: the image stays then, as if somebody else had got it. */
  #append({ info, root }: Engine, id: string, names: readonly string[], is: Line['is']): void {
    // As the engine will call it: `postgres:latest` for `docker.io/library/postgres`.
    const asListed = names.map((name) => withTag(familiarName(name)));
    const line: Line = { engine: info.id, root, id, names: asListed, is };
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
