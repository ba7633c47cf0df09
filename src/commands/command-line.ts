/** argv → verb, by the table of verbs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shellWord } from '../grammar.ts';
import { type Content, fillOpen } from '../lab/content.ts';
import { packageVersion } from '../package-root.ts';
import { clearLeftPolicy } from '../service-policy.ts';
import { Usage } from '../trouble.ts';
import { type Desk, misspelt, openDesk } from './desk.ts';
import { type Inherited, type Options, settingsFrom } from './settings.ts';
import { COMMON_OPTIONS, type OwnOptions, type Verb } from './verb.ts';
import { PGLAB } from './verbs.ts';

/** What argv says. Options may stand before or after the verb; of one that is given twice the last counts. */
interface CommandLine {
  /** The verb and its groups, `pglab` first. */
  path: readonly Verb[];
  words: string[];
  options: Options & OwnOptions;
  /** `--help` or `--version`, which is printed in place of running the verb. */
  asks: 'help' | 'version' | null;
}

/** Runs the verb that the words name, and returns its exit code; 0 for help and version. */
export async function called(
  argv: readonly string[],
  content: Content,
  inherited: Inherited,
): Promise<number> {
  const { path, words, options, asks } = parsed(argv);
  if (asks === 'version') {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (asks === 'help') {
    const { helpOf } = await import('./help.ts');
    const width = (process.stdout.isTTY && process.stdout.columns) || 80;
    // A missing text is shown by its key: help is printed all the same.
    process.stdout.write(
      helpOf(path, width, (key, values = {}) => fillOpen(content.find('messages', key) ?? key, values)),
    );
    return 0;
  }
  const verb = path.at(-1) as Verb;
  if (!verb.call || (verb.verbs && words.length > 0)) throw unknownVerb(verb, words[0]);
  if (words.length > mostWords(verb)) throw tooMany(verb, words[0] as string);
  // Whichever comes next, but for what a shell asks at each key.
  if (verb.name !== 'completion' && clearLeftPolicy())
    process.stderr.write(`${content.say('messages', 'policy-cleared')}\n`);
  const settings = settingsFrom(options, process.env, inherited);
  // One look, where no workshop was ever opened.
  if (existsSync(join(settings.home, 'workshops')))
    (await import('../workshop/ticket.ts')).forgetOld(settings.home, Date.now());
  const desk = openDesk(settings, { verb: verb.name, judges: verb.judges === true });
  const isDone = await doneAtWorkshop(desk, path);
  return isDone ?? verb.call(desk, words, options);
}

/** Where this home takes part in a workshop, that is seen to; on all others it costs one look for a file. */
async function doneAtWorkshop(desk: Desk, path: readonly Verb[]): Promise<number | null> {
  const [, verb = PGLAB] = path;
  if (/^(workshop|uninstall|completion)$/.test(verb.name)) return null;
  if (!existsSync(join(desk.settings.home, 'workshop', 'seat.json'))) return null;
  const { atWorkshop } = await import('./workshop/at-workshop.ts');
  return atWorkshop(desk, verb.name);
}

/** Usage `unknown-option`, `option-needs-value`; help and version come before any refusal. */
export function parsed(argv: readonly string[]): CommandLine {
  const path = [PGLAB];
  const words: string[] = [];
  const options: Record<string, unknown> = {};
  let asks: CommandLine['asks'] = null;
  let wrong: Usage | null = null;
  const rest = expanded(argv);
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    const verb = path.at(-1) as Verb;
    if (word === '--') {
      words.push(...rest.slice(at + 1));
      break;
    }
    if (!/^-./.test(word)) {
      const named = words.length === 0 ? verb.verbs?.find(({ name }) => name === word) : undefined;
      if (named) path.push(named);
      else words.push(word);
    } else if (word === '-h' || word === '--help') asks ??= 'help';
    else if (word === '-V' || word === '--version') asks ??= 'version';
    else {
      const [name = '', ...after] = word.split('=');
      const flags = flagsOf(verb, name);
      const takesValue = flags?.endsWith('>') === true;
      if (!flags || (after.length > 0 && !takesValue)) wrong ??= new Usage('unknown-option', { what: word });
      else if (!takesValue) options[keyOf(flags)] = !flags.startsWith('--no-');
      else {
        const value = after.length > 0 ? after.join('=') : rest[++at];
        if (isValue(flags, value)) options[keyOf(flags)] = value;
        else wrong ??= new Usage('option-needs-value', { what: flags });
      }
    }
  }
  if (wrong && asks === null) throw wrong;
  return { path, words, options, asks };
}

/** A file without a name would be the folder that one is in. What is empty of a setting, the settings themselves refuse. */
function isValue(flags: string, value: string | undefined): boolean {
  return value !== undefined && (value !== '' || flags in COMMON_OPTIONS);
}

/** `-yh` is `-y -h`; what stands after `--` is left as it is. */
function expanded(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((word, at) =>
    /^-\w\w+$/.test(word) && (end < 0 || at < end) ? [...word.slice(1)].map((letter) => `-${letter}`) : word,
  );
}

function flagsOf({ options }: Verb, name: string): string | undefined {
  const all = Object.keys({ ...COMMON_OPTIONS, ...options });
  return all.find((flags) => flags.replace(/ <.*/, '').split(', ').includes(name));
}

/** `--no-by-hand` → byHand; `-y, --yes` → yes. */
function keyOf(flags: string): string {
  const name = /--(?:no-)?([\w-]+)/.exec(flags)?.[1] ?? '';
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function mostWords({ words = '' }: Verb): number {
  return words.endsWith('...]') ? Number.POSITIVE_INFINITY : (words.match(/\[/g)?.length ?? 0);
}

function tooMany({ name }: Verb, word: string): Usage {
  return name === 'next'
    ? new Usage('next-takes-no-step', { step: shellWord(word) })
    : new Usage('too-many-words', { what: name });
}

function unknownVerb({ verbs = [] }: Verb, word: string | undefined): Usage {
  const known = verbs.map(({ name }) => name);
  return word === undefined
    ? new Usage('no-verb', { verbs: known.join(', ') })
    : misspelt('unknown-verb', word, known);
}
