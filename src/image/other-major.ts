import type { Engine, Image } from '../engine/types.ts';

/**
 * An image of another major that is here already: the nearest older one first, as the article's
 * projects had 9.x beside 11.x. Only what is called postgres: an image that somebody built on top of
 * it may start in another way.
 */
export async function otherMajor(
  engine: Engine,
  image: Image,
): Promise<{ ref: string; image: Image } | null> {
  const mine = image.postgresMajor ?? 0;
  const rank = (major: number) => (major < mine ? mine - major : 100 + major - mine);
  const candidates = (await engine.images()).flatMap((candidate) => {
    const names = candidate.tags.filter((tag) => /(^|\/)postgres:/.test(tag));
    // The plainest name of an image is the one that the learner would type.
    const ref = names.sort((a, b) => a.length - b.length)[0];
    const major = candidate.postgresMajor;
    return ref && major !== null && major !== mine ? [{ ref, image: candidate, major }] : [];
  });
  candidates.sort((a, b) => rank(a.major) - rank(b.major) || a.ref.length - b.ref.length);
  return candidates[0] ?? null;
}
