/** The image of a second major: one that is here, else one that can be had; each try said aloud. */

import { obtainImage } from '../../image/obtain.ts';
import { otherMajor } from '../../image/other-major.ts';
import { DEFAULT_IMAGE, DEFAULT_MAJOR } from '../../image/reference.ts';
import { HOW_NOTES } from '../../image-how.ts';
import type { LabEvent } from '../../journal/events.ts';
import { Trouble } from '../../trouble.ts';
import type { RunContext } from './context.ts';

/** The major to show beside the default one: that of Debian's release before. */
const BESIDE_DEFAULT = 15;

/**
 * Looks for an image of another major, once a run: that asks about every image of the engine, and few steps need one.
 */
export async function findOther(context: RunContext): Promise<boolean> {
  if (!context.lab.settings.service) return false;
  if (context.other === undefined)
    context.other = await otherMajor(context.engine, context.image, context.sources.mirror);
  return context.other !== null;
}

/** True where `context.other` is there, or could be got. */
export async function* ensureOther(context: RunContext): AsyncGenerator<LabEvent, boolean> {
  if (await findOther(context)) return true;
  if (!context.lab.settings.service) return false;
  const major = context.image.postgresMajor === BESIDE_DEFAULT ? DEFAULT_MAJOR : BESIDE_DEFAULT;
  const ref = `${DEFAULT_IMAGE}:${major}`;
  try {
    const { how } = yield* obtainImage(context.engine, { ...context.sources, ref, signal: context.signal });
    yield { type: 'noted', step: null, note: HOW_NOTES[how], values: { ref } };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
  context.other = await otherMajor(context.engine, context.image, context.sources.mirror);
  return context.other !== null;
}
