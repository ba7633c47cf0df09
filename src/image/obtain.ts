/**
 * Where the image comes from, the first way that works: present, a registry, a mirror, a tarball,
 * Debian's packages. Each way and each failure is said aloud.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Image } from '../engine/types.ts';
import type { How } from '../image-how.ts';
import type { LabEvent } from '../journal/events.ts';
import { live } from '../journal/live.ts';
import { waitForLock } from '../lock.ts';
import { Cancelled, Trouble } from '../trouble.ts';
import { BUILDABLE_MAJORS, buildArchive, builtTag, canBuild } from './build.ts';
import { loadTarball } from './loading.ts';
import type { OwnImages } from './own-images.ts';
import { DEFAULT_MAJOR, majorAskedFor, mirroredRefs, officialNames } from './reference.ts';

export interface ObtainOptions {
  ref: string;
  mirror: string | null;
  /** The folder of tarballs, `postgres-17.tar` and the like. */
  tarballs: string;
  /** Where it is written down which names were given. */
  own: OwnImages;
  signal: AbortSignal;
}

/** The first way that works. A try that failed is said before the next one begins; the last is what is thrown. */
export async function* obtainImage(
  engine: Engine,
  { ref, mirror, tarballs, own, signal }: ObtainOptions,
): AsyncGenerator<LabEvent, { image: Image; how: How }> {
  const present = await engine.image(ref);
  if (present) return { image: present, how: 'local' };
  const pulled = yield* firstPulled(engine, { ref, mirror, own, signal });
  if (pulled instanceof Trouble === false) return pulled;
  const major = majorAskedFor(ref);
  if (major === null || pulled.code === 'no-space') throw pulled;
  const tarball = tarballOf(tarballs, major);
  const isKept = existsSync(tarball);
  if (!isKept && !(canBuild() && BUILDABLE_MAJORS.includes(major))) throw pulled;
  yield failedTry(pulled);
  if (isKept) return yield* loadedFrom(engine, { tarball, ref, own });
  // Of several pglabs that find no image at the same time, one builds; the others then find it.
  const lock = await waitForLock(tarballs, 'image build', signal);
  try {
    const meanwhile = await engine.image(ref);
    if (meanwhile) return { image: meanwhile, how: 'local' };
    if (existsSync(tarball)) return yield* loadedFrom(engine, { tarball, ref, own });
    const built = yield* build(engine, { major, tarball, own, signal });
    return { image: yield* named(engine, built, { ref, own }), how: 'built' };
  } finally {
    lock.release();
  }
}

function failedTry({ code, values }: Trouble): LabEvent {
  return { type: 'noted', step: null, note: code, values };
}

async function* loadedFrom(
  engine: Engine,
  { tarball, ref, own }: { tarball: string; ref: string; own: OwnImages },
): AsyncGenerator<LabEvent, { image: Image; how: How }> {
  yield { type: 'progress', stage: 'loading', values: { file: tarball } };
  const { image, isChecked } = await loadTarball(engine, tarball, { ref, major: majorAskedFor(ref), own });
  if (!isChecked) yield { type: 'noted', step: null, note: 'tarball-unchecked', values: { file: tarball } };
  return { image: yield* named(engine, image, { ref, own }), how: 'tarball' };
}

/** Builds the image of a major, keeps its tarball, and loads it. */
export async function* build(
  engine: Engine,
  { major, tarball, own, signal }: { major: number; tarball: string; own: OwnImages; signal: AbortSignal },
): AsyncGenerator<LabEvent, Image> {
  yield { type: 'progress', stage: 'building', values: { major } };
  yield* live((emit) =>
    buildArchive(
      major,
      tarball,
      (line) => emit({ type: 'progress', stage: 'building-line', values: { line } }),
      { home: own.folder, signal },
    ),
  );
  yield { type: 'progress', stage: 'loading', values: { file: tarball } };
  return (await loadTarball(engine, tarball, { ref: builtTag(major), major, own })).image;
}

export function tarballOf(folder: string, major: number): string {
  return join(folder, `postgres-${major}.tar`);
}

/** The tarballs of a folder that go by such a name; none where there is no folder. */
export function tarballsIn(folder: string): { major: number; file: string }[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.flatMap((name) => {
    const major = /^postgres-(\d{1,3})\.tar$/.exec(name)?.[1];
    return major === undefined ? [] : [{ major: Number(major), file: join(folder, name) }];
  });
}

/** A registry, then the mirror. Returns the last trouble where neither had it. */
async function* firstPulled(
  engine: Engine,
  { ref, mirror, own, signal }: Omit<ObtainOptions, 'tarballs'>,
): AsyncGenerator<LabEvent, { image: Image; how: How } | Trouble> {
  let last: Trouble | null = null;
  for (const from of [ref, ...(mirror ? mirroredRefs(mirror, ref) : [])]) {
    if (last) yield failedTry(last);
    yield { type: 'progress', stage: 'pulling', values: { ref: from } };
    // A name that somebody else has given already stays theirs.
    const before = await engine.image(from);
    try {
      yield* live((emit) =>
        engine.pull(
          from,
          ({ current, total, layersDone, layers }) =>
            emit({
              type: 'progress',
              stage: 'pull-bytes',
              values: { ref: from, done: layersDone, layers },
              current,
              total,
            }),
          signal,
        ),
      );
    } catch (error) {
      if (signal.aborted) throw new Cancelled();
      if (!(error instanceof Trouble)) throw error;
      last = withBuild(error, ref);
      continue;
    }
    const image = await engine.image(from);
    if (!image) continue;
    if (before === null) own.given(engine, image.id, [from]);
    // A reference with a digest cannot be given to an image.
    const isName = !ref.includes('@');
    if (from !== ref && isName && !(await engine.image(ref))) {
      await engine.tag(image.id, ref);
      own.given(engine, image.id, [ref]);
    }
    return { image, how: from === ref ? 'pulled' : 'mirror' };
  }
  return last ?? withBuild(new Trouble('pull-failed', { ref, why: '' }), ref);
}

/** With the majors that can be built, and the one that comes nearest to what was asked for: the mend names them. */
function withBuild({ code, values, cause }: Trouble, ref: string): Trouble {
  const asked = Number(/:(\d{1,2})\b/.exec(ref)?.[1]);
  const major = BUILDABLE_MAJORS.includes(asked) ? asked : DEFAULT_MAJOR;
  const majors = BUILDABLE_MAJORS.join(', ');
  return new Trouble(code, { ...values, major, majors, asked: ref }, { cause });
}

/** Gives an image the official names of its major where they are free; returns those given. */
export async function nameByMajor(
  engine: Engine,
  { id, postgresMajor }: Image,
  own: OwnImages,
): Promise<string[]> {
  const given: string[] = [];
  if (postgresMajor === null) return given;
  for (const name of officialNames(postgresMajor)) {
    if (await engine.image(name)) continue;
    await engine.tag(id, name);
    given.push(name);
  }
  own.given(engine, id, given);
  return given;
}

/** The image as it was loaded, under the names that were free; the ref itself where it can be. */
async function* named(
  engine: Engine,
  image: Image,
  { ref, own }: { ref: string; own: OwnImages },
): AsyncGenerator<LabEvent, Image> {
  for (const name of await nameByMajor(engine, image, own)) {
    yield { type: 'noted', step: null, note: 'image-named', values: { name } };
  }
  return (await engine.image(ref)) ?? image;
}
