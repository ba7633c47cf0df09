/** What a finding or a trouble of somebody else's machine says: no value of theirs is known here. */
import { type Content, fillOpen } from '../../lab/content.ts';

const FIELDS = { findings: 'seen', troubles: 'text' } as const;

/** By file and key: a finding as it is worded for a board, else as its own machine says it; a key that nobody knows, of a lab that is not here, is its own text. */
export function sentencesOf(content: Content): (file: keyof typeof FIELDS, key: string) => string {
  const it = content.say('messages', 'workshop-board-any-container');
  const values = { short: it, name: it, container: it, role: it };
  return (file, key) => {
    const whole = file === 'findings' ? content.find(file, key, 'board') : null;
    const text = whole ?? content.find(file, key, FIELDS[file]);
    return text === null ? key : withoutGaps(fillOpen(text, values));
  };
}

/** Its first line, without what was to be told at its end. */
function withoutGaps(text: string): string {
  const [first = ''] = text.split('\n');
  return first
    .replace(/[:：,，(（] *…[)）]?$/u, '')
    .replaceAll('`', '')
    .trim();
}
