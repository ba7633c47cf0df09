/** How a value is written into text that another program parses: one writer for each grammar. */
import { HIDDEN_RUN } from './visible.ts';

/** A word of a shell line, quoted only where a shell would take it apart: `it's` is `'it'\\''s'`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${inSingleQuotes(word)}'`;
}

/** A text for a place between single quotes that are there already. */
export function inSingleQuotes(text: string): string {
  return inParts(text, (part) => part.replaceAll("'", "'\\''"), "'");
}

/** A text for a place between double quotes. An interactive shell would take `!` there for a call of its history. */
export function inDoubleQuotes(text: string): string {
  return inParts(text, (part) => part.replace(/[\\"$`]/g, '\\$&').replaceAll('!', `"'!'"`), '"');
}

/** What a terminal would not show is written by its bytes, as bash reads them: a line looks like what it is. */
function inParts(text: string, quoted: (part: string) => string, mark: string): string {
  const parts = text.split(HIDDEN_RUN);
  return parts
    .map((part, at) => (at % 2 === 0 ? quoted(part) : `${mark}$'${escapedBytes(part)}'${mark}`))
    .join('');
}

function escapedBytes(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/**
 * A field of `--mount`, such as `dst=/data`: Docker reads the list as CSV (Go's encoding/csv), so that a field with a
 * comma is `"dst=/a,b"`. Null: that reader would not give it back.
 */
export function mountField(field: string): string | null {
  if (field.includes('\r\n') || field.includes('\0')) return null;
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** A part of `-v SOURCE:TARGET`, which has no way to write a colon: null. */
export function volumePart(part: string): string | null {
  return /[:\0]/.test(part) ? null : part;
}

/** A part of a URL: an address of IPv6 in brackets, all else with its marks encoded. */
export function urlPart(part: string): string {
  if (/^[0-9a-f.]*:[0-9a-f:.]*$/i.test(part)) return `[${part}]`;
  const whole = part.replace(/\p{Cs}/gu, '\ufffd');
  return encodeURIComponent(whole).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}

/** The parts of an image's name. A port of its registry is no tag, and a digest may stand behind one. */
export function imageName(ref: string): { name: string; tag: string | null; digest: string | null } {
  const [tagged = '', ...digests] = ref.split('@');
  const colon = tagged.lastIndexOf(':');
  const last = colon < 0 ? '' : tagged.slice(colon + 1);
  const isTag = last !== '' && !last.includes('/');
  return {
    name: isTag ? tagged.slice(0, colon) : tagged,
    tag: isTag ? last : null,
    digest: digests.join('@') || null,
  };
}

/**
 * What Docker calls an image that has this name with Podman, which writes whole names: `postgres:17` for
 * `docker.io/library/postgres:17`, and for `localhost/postgres:17`, which came with no registry.
 */
export function familiarName(ref: string): string {
  return ref.replace(/^(?:localhost|(?:index\.)?docker\.io)\/(?:library\/(?=[^/]+$))?/, '');
}

/** The whole name of an image, with the registry that Docker takes for one without: `docker.io/library/postgres:17`. */
export function wholeName(ref: string): string {
  const [first = '', ...rest] = ref.split('/');
  if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return ref;
  return `docker.io/${rest.length > 0 ? '' : 'library/'}${ref}`;
}

/**
 * A reference with a tag, `latest` where it has none: without one the engine's API would take every tag that there
 * is.
 */
export function withTag(ref: string): string {
  const { tag, digest } = imageName(ref);
  return tag === null && digest === null ? `${ref}:latest` : ref;
}

/** Without all that is this one character at the end; a pattern would try each of many in turn. */
export function withoutLast(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
