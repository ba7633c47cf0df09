/** The only importer of marked-terminal: prose for the terminal, wrapped to its width. */

import { Marked, type MarkedExtension } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { fencedParts } from '../lab/fences.ts';
import { joinedLines } from '../lab/joined-lines.ts';
import { PLAIN_MARKS } from '../lab/plain-marks.ts';
import { wrap } from '../wrap.ts';
import type { Screen } from './screen.ts';

/** Before a line of code: it is copied whole, however narrow the window. */
const WHOLE = '\ue000';

/** Lines of the rendered prose, each indented by so many columns. */
export function prose(screen: Screen, markdown: string, indent = 0): string[] {
  renderer ??= makeRenderer();
  const rendered = renderer.parse(wholeLines(markdown), { async: false }) as string;
  const margin = ' '.repeat(indent);
  return rendered
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [before, code] = line.split(WHOLE);
      return code === undefined
        ? wrap(line, screen.columns - indent).map((each) => withCode(screen, each))
        : before + screen.paint('cyan', code);
    })
    .map((line) => (line === '' ? '' : margin + line));
}

let renderer: Marked | undefined;

function makeRenderer(): Marked {
  const plain = (text: string) => text;
  const extension = markedTerminal({
    // Wrapped here by columns; its own reflow counts UTF-16 units. Emoji would turn `5432:100:x` into one.
    reflowText: false,
    emoji: false,
    tab: 2,
    paragraph: plain,
    // The marks stay until it is wrapped, which breaks no code.
    codespan: (text: string) => `\`${text}\``,
    link: plain,
    href: plain,
  }) as unknown as MarkedExtension;
  return new Marked(extension, { tokenizer: PLAIN_MARKS } as unknown as MarkedExtension);
}

/** Code in a line of prose is painted; without colour its marks stay, or nobody would know what to type. */
export function withCode(screen: Pick<Screen, 'colour' | 'paint'>, line: string): string {
  return screen.colour ? line.replace(/`([^`\n]+)`/g, (_, code: string) => screen.paint('cyan', code)) : line;
}

/** Prose joined to whole paragraphs; each line of code is marked as one that stays whole. */
function wholeLines(markdown: string): string {
  return fencedParts(markdown)
    .map(({ isCode, text }) => (isCode ? text.replace(/^(?!```)/gm, WHOLE) : joinedLines(text)))
    .join('\n');
}
