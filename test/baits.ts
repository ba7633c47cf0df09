/** What others could have in a name, a log or an answer, for it to be more than text in a report. */
import fc from 'fast-check';

/** A picture, links, what turns a line around, and what clears a terminal. */
export const HOSTILE =
  '<img src=x onerror=alert(1)>[a](javascript:alert(1))![b](http://192.0.2.1/x)\u202e\u001b[2J`';

/** Whatever backticks and backslashes of others stand around it, markup of theirs stays text. */
const BAITS = [
  '\\`<img src=http://x/y>`',
  '\\`[a](http://x/)`',
  '``` `<img src=x>` ```',
  '`` ` <img src=x> ``` `',
];
export const baited = fc.oneof(
  fc.constantFrom(...BAITS),
  fc
    .array(
      fc.constantFrom(
        '`',
        '``',
        '```',
        '\\',
        '<img src=x>',
        '[a](http://x/)',
        '![b](http://x/)',
        ' ',
        'a',
        '*',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);
