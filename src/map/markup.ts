/** Text of anybody's as it stands in SVG and HTML. */
import { visible } from '../visible.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What would be obeyed or hidden is made visible, what is markup stands as text: `<b>` is `&lt;b&gt;`. */
export function markup(text: string): string {
  return visible(text, { lines: true })
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
