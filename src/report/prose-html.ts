/** Prose as HTML. What was filled in may look like HTML, like a link, a picture or an emphasis: it is text. */
import { Marked, type MarkedExtension } from 'marked';
import { fencedParts } from '../lab/fences.ts';
import { joinedLines } from '../lab/joined-lines.ts';
import { PLAIN_MARKS } from '../lab/plain-marks.ts';
import { visible } from '../visible.ts';

const none = () => undefined;
const LINKS = { link: none, reflink: none, autolink: none, url: none };
const AS_TEXT = { ...PLAIN_MARKS, ...LINKS } as unknown as MarkedExtension['tokenizer'];

const marked = new Marked({ tokenizer: AS_TEXT } as MarkedExtension);

/** Blocks of HTML. */
export function proseHtml(markdown: string): string {
  return wordsKept(marked.parse(whole(markdown), { async: false }) as string);
}

/** The same as part of a line. */
export function inlineHtml(markdown: string): string {
  const line = joinedLines(visible(markdown, { lines: true }));
  return wordsKept(marked.parseInline(line, { async: false }) as string);
}

/** Code of one short word is broken nowhere: an option such as `-v` would be after its hyphen. */
function wordsKept(html: string): string {
  return html.replace(/<code>(?=[^<\s]{1,16}<\/code>)/g, '<code class="word">');
}

function whole(markdown: string): string {
  return fencedParts(visible(markdown, { lines: true }))
    .map(({ isCode, text }) => (isCode ? text : joinedLines(text)))
    .join('\n');
}
