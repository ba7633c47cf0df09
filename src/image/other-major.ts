import type { Engine, Image } from '../engine/types.ts';
import { builtTag } from './build.ts';
import { mirroredRefs } from './reference.ts';

/**
 * An image of another major that is here already: the nearest older one first, as the article's projects had 9.x beside
 * 11.x. It runs unasked, on an engine where anybody may name an image: so only under the official names of its major,
 * the one that pglab builds, and those of the mirror that was given.
 */
export async function otherMajor(
  engine: Engine,
  image: Image,
  mirror: string | null,
): Promise<{ ref: string; image: Image } | null> {
  const mine = image.postgresMajor ?? 0;
  const rank = (major: number) => (major < mine ? mine - major : 100 + major - mine);
  const candidates = (await engine.images()).flatMap((candidate) => {
    const major = candidate.postgresMajor;
    if (major === null || major === mine) return [];
    const names = candidate.tags.filter((tag) => isTrusted(tag, major, mirror));
    // The plainest name of an image is the one that the learner would type.
    const ref = names.sort((a, b) => a.length - b.length)[0];
    return ref ? [{ ref, image: candidate, major }] : [];
  });
  candidates.sort((a, b) => rank(a.major) - rank(b.major) || a.ref.length - b.ref.length);
  return candidates[0] ?? null;
}

/** `postgres:15`, `postgres:15.4`, and the same with the official registry or the mirror before them. */
function isTrusted(tag: string, major: number, mirror: string | null): boolean {
  const plain = tag.replace(/^docker\.io\//, '').replace(/^library\//, '');
  if (plain === builtTag(major)) return true;
  const [, minor = ''] = /:\d+((?:\.\d+)?)$/.exec(tag) ?? [];
  const official = `postgres:${major}${minor}`;
  return plain === official || (mirror !== null && mirroredRefs(mirror, official).includes(tag));
}
