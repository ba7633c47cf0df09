/**
 * How a value stands in prose. It may be anybody's: what a terminal would obey or hide is made visible, and where the
 * prose is to be pasted each value is one word of a shell.
 */
import { shellWord } from '../grammar.ts';
import { visibleValue } from '../visible.ts';

/** Values that are texts of several lines: what a program said, or a list with a line for each. */
const OF_LINES = /^(why|names|runs)$/;

/** Values of several words: whole commands, which are quoted already, sentences, and lists. */
const OF_WORDS =
  /^(again|command|ssh|why|error|who|holder|known|nearest|formats|languages|verbs|packages|option|names|runs|majors)$/;

/** Code in Markdown: a fence, or a span. */
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

/** A span that is a command: it begins with a program. */
const COMMAND = /^`[a-z][\w./-]* /;

/**
 * Fills `{{name}}` by what `known` gives; null: `…`. `pasted`: the whole text is for a shell, as the ways on of
 * findings and the mends of troubles are.
 */
export function filledProse(
  text: string,
  known: (name: string) => string | number | null,
  { pasted }: { pasted: boolean },
): string {
  return text
    .split(CODE)
    .map((part, at) => {
      const isCode = at % 2 === 1;
      const isCommand = isCode ? COMMAND.test(part) : pasted;
      return part.replace(/\{\{([a-z][\w.-]*)\}\}/g, (_, name: string) => {
        const value = known(name);
        if (value === null) return '…';
        const written = shown(name, String(value), isCommand);
        // A backquote would end the span.
        return isCode ? written.replaceAll('`', 'ˋ') : written;
      });
    })
    .join('');
}

function shown(name: string, value: string, isCommand: boolean): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (isCommand && !OF_WORDS.test(last) && value.length <= visibleValue(value).length)
    return shellWord(value);
  return visibleValue(value, { lines: OF_LINES.test(last) });
}
