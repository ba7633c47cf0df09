/** Names of images: their grammar, and what a name alone tells. Pure: no engine is asked. */
import { imageName, withoutLast } from '../grammar.ts';
import { isReference } from '../names.ts';
import { Usage } from '../trouble.ts';

/** The official image, of which a lab without an image of its own may still want to know. */
export const DEFAULT_IMAGE = 'postgres';

/** Built where no tag asks for another: the newest major of a stable Debian. */
export const DEFAULT_MAJOR = 17;

export function checkedReference(ref: string): string {
  if (!isReference(ref)) {
    throw new Usage('bad-image', { ref: ref === '' ? '(empty)' : ref });
  }
  return ref;
}

/**
 * A mirror is a whole reference (`host/library/postgres:17`) or a prefix (`host:5000`); behind a
 * prefix the official images may or may not lie in `library/`.
 */
export function mirroredRefs(mirror: string, ref: string): string[] {
  const prefix = withoutLast(mirror, '/');
  const asked = imageName(ref);
  const whole = imageName(prefix);
  if (prefix.includes('/') && lastPart(whole.name) === lastPart(asked.name)) {
    // A whole reference of another tag or digest is another image; one that has neither takes what is asked for.
    const isOther = (of: 'tag' | 'digest') => asked[of] && whole[of] && asked[of] !== whole[of];
    if (isOther('tag') || isOther('digest')) return [];
    if (asked.digest) return [`${whole.name}@${asked.digest}`];
    return [asked.tag && whole.name === prefix ? `${prefix}:${asked.tag}` : prefix];
  }
  if (ref.includes('/')) return [`${prefix}/${ref}`];
  return [`${prefix}/${ref}`, `${prefix}/library/${ref}`];
}

/** The official image of a major. */
export function officialName(major: number): string {
  return `${DEFAULT_IMAGE}:${major}`;
}

/** The names that an image of this major gets where they are free. */
export function officialNames(major: number): string[] {
  return [officialName(major), ...(major === DEFAULT_MAJOR ? ['postgres:latest'] : [])];
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Which major a built image would have to be, where the reference asks for the official one. */
export function majorAskedFor(ref: string): number | null {
  const match = /^(?:docker\.io\/)?(?:library\/)?postgres(?::(?:latest|(\d+)))?$/.exec(ref);
  if (!match) {
    const built = /^pglab\/postgres:(\d+)$/.exec(ref);
    return built ? Number(built[1]) : null;
  }
  return match[1] ? Number(match[1]) : DEFAULT_MAJOR;
}
