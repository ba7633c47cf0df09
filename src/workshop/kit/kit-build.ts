/**
 * Puts a kit together, a file after another, each whole or not at all and at once in its list: broken off, it goes on where it
 * was; complete, it changes nothing.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress } from 'node:zlib';
import { sha256Of } from '../../image/tarball.ts';
import { makeFolder, nameBeside } from '../../own-files.ts';
import { packageRoot, packageVersion } from '../../package-root.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';
import { type Held, type Kit, PLATFORMS, type Platform, readKit, writeKit } from './kit-list.ts';
import { wrongWith } from './kit-verify.ts';
import { fetchedNode } from './node-packages.ts';
import { parcelOf } from './parcel.ts';

/** Quality 9 takes ten times as long for a twentieth less. */
const QUALITY = 5;

export interface KitPlan {
  /** Where the kit is to lie. */
  folder: string;
  /** Tarballs of images, by their majors of Postgres. */
  images: readonly { major: number; file: string }[];
  signal: AbortSignal;
}

/** What happens to one file. `kept`: it was there already; `trouble`: the kit is without it. */
export type KitStep =
  | { is: 'kept' | 'made'; file: Held }
  | { is: 'making'; what: string }
  | { is: 'without'; what: string; trouble: Trouble };

/** A Node that cannot be had is told and left out: most participants have one. */
export async function* buildKit({ folder, images, signal }: KitPlan): AsyncGenerator<KitStep, Kit> {
  makeKitFolder(folder);
  const building = new Building(folder);
  yield await building.parcel();
  for (const { major, file } of images) {
    signal.throwIfAborted();
    yield* building.image(major, file, signal);
  }
  for (const platform of PLATFORMS) {
    signal.throwIfAborted();
    yield* building.node(platform, signal);
  }
  return building.kit;
}

/** The parcel alone, so that a board has something to hand out to who has Node: a tenth of a second. */
export async function putParcel(folder: string): Promise<Kit> {
  makeKitFolder(folder);
  const building = new Building(folder);
  await building.parcel();
  return building.kit;
}

function makeKitFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw homeTrouble(folder, cause);
  }
}

class Building {
  kit: Kit;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    const found = readKit(folder);
    this.kit = { kit: 1, pglab: packageVersion(), files: found?.files ?? [] };
  }

  async parcel(): Promise<KitStep> {
    const name = `pglab-${this.kit.pglab}.tgz`;
    const body = parcelOf(packageRoot);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const is = this.kit.files.some((each) => each.sha256 === sha256) ? 'kept' : 'made';
    const path = join(this.#folder, name);
    const aside = nameBeside(path);
    const file: Held = { kind: 'pglab', name, bytes: body.length, sha256 };
    const isThere = is === 'kept' && (await wrongWith(this.#folder, file)) === null;
    if (!isThere)
      await this.#placed(path, aside, async () => writeFileSync(aside, body, { flag: 'wx', flush: true }));
    this.#holds(file, (each) => each.kind === 'pglab');
    return { is: isThere ? 'kept' : 'made', file };
  }

  /** The tarball is read once to see whether it is the one that is packed already. */
  async *image(major: number, tar: string, signal: AbortSignal): AsyncGenerator<KitStep> {
    const known = this.kit.files.find((each) => each.kind === 'image' && each.major === major);
    const tarSha256 = await sha256Of(tar);
    if (known?.kind === 'image' && known.tarSha256 === tarSha256 && (await this.#isWhole(known))) {
      yield { is: 'kept', file: known };
      return;
    }
    const name = `${basename(tar)}.br`;
    yield { is: 'making', what: name };
    const path = join(this.#folder, name);
    const aside = nameBeside(path);
    const digest = createHash('sha256');
    await this.#placed(path, aside, async () => {
      const brotli = createBrotliCompress({
        params: {
          [constants.BROTLI_PARAM_QUALITY]: QUALITY,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        },
      });
      const out = createWriteStream(aside, { flags: 'wx', flush: true } as object);
      await pipeline(createReadStream(tar), brotli, passing(digest), out, { signal });
    });
    const { size } = statSync(path);
    const packed = { name, bytes: size, sha256: digest.digest('hex') };
    const file: Held = { kind: 'image', ...packed, major, tarBytes: statSync(tar).size, tarSha256 };
    this.#holds(file, (each) => each.kind === 'image' && each.major === major);
    yield { is: 'made', file };
  }

  async *node(platform: Platform, signal: AbortSignal): AsyncGenerator<KitStep> {
    const known = this.kit.files.find((each) => each.kind === 'node' && each.platform === platform);
    if (known && (await this.#isWhole(known))) {
      yield { is: 'kept', file: known };
      return;
    }
    const what = `Node, ${platform}`;
    yield { is: 'making', what };
    try {
      const fetched = await fetchedNode(platform, this.#folder, signal);
      const path = join(this.#folder, fetched);
      const file: Held = {
        ...{ kind: 'node', name: fetched, platform },
        ...{ bytes: statSync(path).size, sha256: await sha256Of(path) },
      };
      this.#holds(file, (each) => each.kind === 'node' && each.platform === platform);
      yield { is: 'made', file };
    } catch (error) {
      if (!(error instanceof Trouble) || signal.aborted) throw error;
      yield { is: 'without', what, trouble: error };
    }
  }

  async #isWhole(file: Held): Promise<boolean> {
    return (await wrongWith(this.#folder, file)) === null;
  }

  /** In the place of those that it replaces, which go; the list is written at once. */
  #holds(file: Held, replaces: (each: Held) => boolean): void {
    const gone = this.kit.files.filter((each) => replaces(each) && each.name !== file.name);
    this.kit = { ...this.kit, files: [...this.kit.files.filter((each) => !replaces(each)), file] };
    writeKit(this.#folder, this.kit);
    for (const { name } of gone) rmSync(join(this.#folder, name), { force: true });
  }

  async #placed(path: string, aside: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      renameSync(aside, path);
    } catch (cause) {
      if (existsSync(aside)) rmSync(aside, { force: true });
      if ((cause as Error).name === 'AbortError') throw cause;
      throw homeTrouble(path, cause);
    }
  }
}

/** Passes all on, and hashes it as it goes by. */
function passing(digest: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
}
