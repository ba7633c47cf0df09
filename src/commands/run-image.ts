/** The image of a run: the one that it is pinned to, else the one that is asked for, got where it is not here. */

import type { Engine, Image } from '../engine/types.ts';
import { obtainImage } from '../image/obtain.ts';
import { HOW_NOTES, type How } from '../image-how.ts';
import type { LabEvent } from '../journal/events.ts';
import { Trouble } from '../trouble.ts';
import { shortId } from '../values.ts';
import { sourcesOf } from './image-sources.ts';
import type { OpenRun } from './open-run.ts';
import type { Settings } from './settings.ts';

/** Stands for an image that is not there: looked for and not fetched, or of a lab that needs none. */
const NO_IMAGE: Image = {
  id: '',
  tags: [],
  size: 0,
  created: '',
  postgresMajor: null,
  volumeTargets: [],
  env: {},
  labels: {},
};

export async function* findImage(
  options: { open: OpenRun; settings: Settings; looksOnly: boolean; signal: AbortSignal },
  engine: Engine,
): AsyncGenerator<LabEvent, { image: Image; ref: string }> {
  const { open, settings, signal } = options;
  const pinned = open.journal.standing.image;
  const ref = settings.image ?? pinned?.ref ?? open.lab.settings.image;
  if (ref === null) return { image: NO_IMAGE, ref: '' };
  const now = await engine.image(ref);
  const kept = pinned && (yield* keptImage(options, engine, pinned, { ref, now }));
  if (kept) return kept;
  if (options.looksOnly) {
    // A look must show what is missing, and not have it fetched.
    const image = now ?? NO_IMAGE;
    if (image !== NO_IMAGE) yield pinning(image, ref, 'local');
    return { image, ref };
  }
  if (now) {
    if (!pinned) yield { type: 'noted', step: null, note: 'image-local', values: { ref } };
    yield pinning(now, ref, 'local');
    return { image: now, ref };
  }
  const { image, how } = yield* obtainImage(engine, {
    ...sourcesOf(settings),
    ref,
    signal,
  });
  const usable = (await engine.image(ref)) ? ref : (image.tags[0] ?? image.id);
  if (!pinned || how !== 'local')
    yield { type: 'noted', step: null, note: HOW_NOTES[how], values: { ref: usable } };
  yield pinning(image, usable, how);
  return { image, ref: usable };
}

/** The image that the run has begun with, where its name means another one now; null where the name will do. */
async function* keptImage(
  { open, settings }: { open: OpenRun; settings: Settings },
  engine: Engine,
  pinned: NonNullable<OpenRun['journal']['standing']['image']>,
  { ref, now }: { ref: string; now: Image | null },
): AsyncGenerator<LabEvent, { image: Image; ref: string } | null> {
  const kept = now?.id === pinned.id ? now : await engine.image(pinned.id);
  const was = shortId(pinned.id);
  if (settings.image !== null && settings.image !== pinned.ref && now?.id !== pinned.id) {
    throw new Trouble('image-differs', { run: open.run, pinned: pinned.ref, asked: ref });
  }
  if (kept && kept.id !== now?.id) {
    const is = shortId(now?.id ?? '');
    yield { type: 'noted', step: null, note: now ? 'tag-moved' : 'tag-gone', values: { ref, was, is } };
    yield { type: 'image-pinned', image: pinned, how: 'local' };
    return { image: kept, ref: was };
  }
  if (!kept) yield { type: 'noted', step: null, note: 'image-gone', values: { ref, was } };
  return null;
}

function pinning({ id, postgresMajor }: Image, ref: string, how: How): LabEvent {
  return { type: 'image-pinned', image: { ref, id, postgresMajor }, how };
}
