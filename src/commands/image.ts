import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Engine, Image } from '../engine/types.ts';
import { familiarName, withTag } from '../grammar.ts';
import { builtTag } from '../image/build.ts';
import { loadTarball } from '../image/loading.ts';
import { build, nameByMajor, obtainImage, tarballOf } from '../image/obtain.ts';
import { DEFAULT_IMAGE, DEFAULT_MAJOR, majorAskedFor } from '../image/reference.ts';
import { forgetDigest, sha256Of, writeDigest } from '../image/tarball.ts';
import { HOW_NOTES } from '../image-how.ts';
import type { LabEvent } from '../journal/events.ts';
import { fillOpen } from '../lab/content.ts';
import { loadLab } from '../lab/load.ts';
import { makeFolder, nameBeside } from '../own-files.ts';
import { emptyResult } from '../report/result.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { Cancelled, messageOf, Trouble, Usage } from '../trouble.ts';
import { shortId } from '../values.ts';
import type { Desk } from './desk.ts';
import { sourcesOf } from './image-sources.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';
import { onInterrupt } from './signals.ts';

export type ImageVerb = 'status' | 'pull' | 'load' | 'save' | 'build';

export interface ImageOptions {
  /** A tarball, for load and save. */
  file?: string;
  major?: string;
}

/** Images: what is here, and the ways to get one or to carry one to the next machine. */
export async function image(desk: Desk, verb: ImageVerb, options: ImageOptions): Promise<number> {
  const lab = await loadLab(desk.folders);
  const ref = desk.settings.image ?? lab.settings.image ?? DEFAULT_IMAGE;
  const engine = await engineFor(desk.settings);
  return { status, pull, load, save, build: buildOne }[verb](desk, engine, ref, options);
}

async function status(desk: Desk, engine: Engine, ref: string): Promise<number> {
  const found = (await engine.images()).filter(
    ({ postgresMajor, tags }) => postgresMajor !== null && tags.length > 0,
  );
  const current = await engine.image(ref);
  const images = found.map(({ tags, id, size, postgresMajor }) => ({ tags, id, size, postgresMajor }));
  return told(desk, engine, current, ref, { status: { images } }, () => {
    const { screen, content } = desk;
    if (found.length === 0) screen.line(content.say('messages', 'image-none'));
    for (const each of found) {
      const mark = each.id === current?.id ? '❯' : ' ';
      const size = `${Math.round(each.size / 1e6)} MB`;
      screen.line(
        `${mark} ${each.tags.join(', ')}  Postgres ${each.postgresMajor}  ${size}  ${shortId(each.id)}`,
      );
    }
  });
}

async function pull(desk: Desk, engine: Engine, ref: string): Promise<number> {
  const { content, screen, settings } = desk;
  const { image: got, how } = await consumed(desk, (signal) =>
    obtainImage(engine, { ...sourcesOf(settings), ref, signal }),
  );
  return told(desk, engine, got, ref, { pull: { how } }, () =>
    screen.line(content.say('notes', HOW_NOTES[how], { ref })),
  );
}

async function load(desk: Desk, engine: Engine, ref: string, { file: given }: ImageOptions): Promise<number> {
  const { content, screen, settings } = desk;
  const { own } = sourcesOf(settings);
  const file = given ? resolve(given) : tarballOf(settings.tarballs, majorAskedFor(ref) ?? DEFAULT_MAJOR);
  if (!existsSync(file)) throw new Trouble('tarball-missing', { file });
  // A file that was named may be of any major, unless one was named as well.
  const major = given && !/:\d+$/.test(ref) ? null : majorAskedFor(ref);
  const { image: got, isChecked } = await loadTarball(engine, file, { ref, major, own });
  const names = await nameByMajor(engine, got, own);
  const name = got.tags[0] ?? got.id;
  return told(desk, engine, got, name, { load: { file, names, checked: isChecked } }, () => {
    screen.line(content.say('messages', isChecked ? 'image-loaded' : 'image-loaded-unchecked', { file }));
    for (const name of names) screen.line(content.say('messages', 'image-named', { name }));
  });
}

async function save(desk: Desk, engine: Engine, ref: string, { file: given }: ImageOptions): Promise<number> {
  const { content, screen, settings } = desk;
  const found = await engine.image(ref);
  if (!found) throw new Trouble('image-missing', { ref });
  const file = given ? resolve(given) : tarballOf(settings.tarballs, found.postgresMajor ?? 0);
  const name = found.tags.find((tag) => familiarName(tag) === withTag(familiarName(ref))) ?? found.id;
  const digest = await saveTarball(engine, name, file);
  return told(desk, engine, found, ref, { save: { file, sha256: digest } }, () =>
    screen.line(content.say('messages', 'image-saved', { file, digest })),
  );
}

/** Saves the tarball, whole or not at all; returns its SHA-256. */
export async function saveTarball(engine: Engine, ref: string, file: string): Promise<string> {
  const part = nameBeside(file);
  try {
    makeFolder(dirname(file));
    await engine.save(ref, part);
    await forgetDigest(file);
    await rename(part, file);
    return await writeDigest(file);
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble('save-failed', { file, why: messageOf(cause) }, { cause });
  } finally {
    await rm(part, { force: true }).catch(() => {});
  }
}

async function buildOne(
  desk: Desk,
  engine: Engine,
  ref: string,
  { major: asked }: ImageOptions,
): Promise<number> {
  const { content, screen, settings } = desk;
  if (asked !== undefined && !/^\d{1,2}$/.test(asked)) throw new Usage('bad-major', { major: asked });
  const major = asked === undefined ? (majorAskedFor(ref) ?? DEFAULT_MAJOR) : Number(asked);
  const { own } = sourcesOf(settings);
  const file = tarballOf(settings.tarballs, major);
  const built = await consumed(desk, (signal) => build(engine, { major, tarball: file, own, signal }));
  const digest = await sha256Of(file);
  const name = builtTag(major);
  const names = await nameByMajor(engine, built, own);
  return told(desk, engine, built, name, { build: { name, file, sha256: digest, names } }, () => {
    screen.line(content.say('messages', 'image-built', { name, file, digest }));
    for (const name of names) screen.line(content.say('messages', 'image-named', { name }));
  });
}

async function consumed<T>(
  desk: Desk,
  act: (signal: AbortSignal) => AsyncGenerator<LabEvent, T>,
): Promise<T> {
  const abort = new AbortController();
  const stop = onInterrupt(() => {
    abort.abort();
    return false;
  });
  const progress = desk.settings.format === 'text' ? new ProgressLine(desk.screen, desk.content) : null;
  const events = act(abort.signal);
  try {
    for (;;) {
      const { value, done } = await events.next();
      if (done) return value;
      progress?.take(value);
      if (value.type !== 'noted') continue;
      const said =
        desk.content.find('troubles', value.note, 'message') ?? desk.content.find('notes', value.note);
      if (said !== null) desk.screen.aside(fillOpen(said, value.values));
    }
  } catch (error) {
    throw abort.signal.aborted ? new Cancelled() : error;
  } finally {
    stop();
    progress?.end();
  }
}

/** Prints the envelope with the image in it, and one more key named after the verb: `pull`, `load` … */
function told(
  desk: Desk,
  engine: Engine,
  found: Image | null,
  ref: string,
  extra: object,
  text: () => void,
): number {
  const pinned = found && { ref, id: found.id, postgresMajor: found.postgresMajor };
  const envelope = { ...emptyResult(desk.folders.id, desk.run), engine: engine.info, image: pinned };
  return printed(desk, envelope, extra, text);
}
