/**
 * How a value stands in prose. It may be anybody's: what a terminal would obey or hide is made visible, and where the
 * prose is to be pasted each value is one word of a shell.
 */
import { shellWord } from '../grammar.ts';
import { NOTHING, type Values } from '../values.ts';
import { visibleValue } from '../visible.ts';

/** Values that are texts of several lines: what a program said, or a list with a line for each. */
const OF_LINES = /^(why|names|runs)$/;

/** Values of several words: whole commands, which are quoted already, sentences, and lists. */
const OF_WORDS =
  /^(again|command|ssh|why|error|who|holder|known|nearest|formats|languages|verbs|packages|option|names|runs|majors)$/;

/** Values that somebody said: sentences, often with a full stop of their own. */
const SAID = /^(why|error)$/;

/** One sentence ends once. */
function withoutStop(said: string): string {
  return said.replace(/[.。]\s*$/, '');
}

/** Code in Markdown: a fence, or a span. */
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

/** A span that is a command: it begins with a program. */
const COMMAND = /^`[a-z][\w./-]* /;

/** Prose for one place, prose for the other, and the end of both: a line of its own each. */
const BY_PLACE = /^::: (machine|folders) here\n([\s\S]*?)^::: there\n([\s\S]*?)^:::(?:\n|$)/gm;

/** A name to be filled in, with the space on each side of it, and Chinese behind that. */
const PLACE = /((?<=(\p{Script=Han})) |(?<=\S) )?\{\{([a-z][\w.-]*)\}\}( (?=(\p{Script=Han}))| )?/gu;

/** A side of a value that needs no space between it and Chinese: a mark as wide, or Chinese itself. */
const WIDE = {
  start: { mark: /^[（“《]/, letter: /^\p{Script=Han}/u },
  end: { mark: /[，。、；：？！）”》]$/, letter: /\p{Script=Han}$/u },
};

/** Whether no space stands there; a path keeps its spaces, whatever letters are in it. */
function isWide(written: string, side: keyof typeof WIDE, besideChinese: boolean): boolean {
  const { mark, letter } = WIDE[side];
  return mark.test(written) || (besideChinese && letter.test(written) && !written.includes('/'));
}

/** Words for one place and for the other, or for what is so and what is not, in a line; values may stand in them. */
const WORDS_BY_VALUE =
  /\{\{([a-z][\w.-]*)\?((?:[^{}|]|\{\{[a-z][\w.-]*\}\})*)\|((?:[^{}|]|\{\{[a-z][\w.-]*\}\})*)\}\}/g;

/** Values for which the words behind `|` stand. */
const OTHERWISE: readonly unknown[] = ['there', 'no', NOTHING];

/**
 * The prose for where this run's engine is: `machine` is whose its ports are, `folders` whether it sees ours. `here` where
 * nothing is known yet.
 *
 *     ::: folders here
 *     Mount a folder of this machine.
 *     ::: there
 *     Mount a volume.
 *     :::
 *
 * In a line: `{{root?You are root.|You are not root.}}`; where there may be no value: `ended{{code? with {{code}}|}}`.
 */
export function inPlace(text: string, values: Values): string {
  const choice = (_: string, name: string, here: string, there: string) =>
    Object.hasOwn(values, name) && OTHERWISE.includes(values[name]) ? there : here;
  return text.replace(BY_PLACE, choice).replace(WORDS_BY_VALUE, choice);
}

/** Both words for the engine's machine in place of its name. */
export function withWords(text: string, word: (key: 'machine-here' | 'machine-there') => string): string {
  if (!text.includes('{{machine}}')) return text;
  return text.replaceAll('{{machine}}', `{{machine?${word('machine-here')}|${word('machine-there')}}}`);
}

/**
 * Fills `{{name}}` by its value; without one, `missing` is told, and `…` stands there. `pasted`: the whole text is
 * for a shell, as the ways on of findings and the mends of troubles are.
 */
export function filledProse(
  text: string,
  values: Values,
  { pasted, missing }: { pasted: boolean; missing?: (name: string) => void },
): string {
  // A whole sentence begins with a capital; a name that no lab knows stays as it is.
  const isCapital = text.startsWith('{{role}}') && text.endsWith('.') && values.role !== values.name;
  const prose = inPlace(text, values)
    .split(CODE)
    .map((part, at) => {
      const isCode = at % 2 === 1;
      const isCommand = isCode ? COMMAND.test(part) : pasted;
      return part.replace(
        PLACE,
        (place, before = '', wideBefore, name: string, after = '', wideAfter, from, all) => {
          const value = Object.hasOwn(values, name) ? values[name] : undefined;
          if (value === undefined) missing?.(name);
          if (value === undefined) return `${before}…${after}`;
          const isEnded = SAID.test(name) && /^[.。]/.test(all.slice(from + place.length));
          const written = shown(name, isEnded ? withoutStop(String(value)) : String(value), isCommand);
          // A backquote would end the span.
          if (isCode) return before + written.replaceAll('`', 'ˋ') + after;
          const start = isWide(written, 'start', wideBefore !== undefined) ? '' : before;
          return start + written + (isWide(written, 'end', wideAfter !== undefined) ? '' : after);
        },
      );
    })
    .join('');
  return isCapital ? prose.charAt(0).toUpperCase() + prose.slice(1) : prose;
}

function shown(name: string, value: string, isCommand: boolean): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (isCommand && !OF_WORDS.test(last) && value.length <= visibleValue(value).length)
    return shellWord(value);
  return visibleValue(value, { lines: OF_LINES.test(last) });
}
