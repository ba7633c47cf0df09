/** Words in a command for what only a run will tell: a learner puts their own in. The same in every language, as the command is. */
import type { Values } from '../values.ts';
import type { Content } from './content.ts';
import type { Command, Lab, Step } from './model.ts';
import { isAddition } from './parsed-line.ts';
import { templateOf } from './template.ts';

const ORDINALS = ['FIRST', 'SECOND', 'THIRD', 'FOURTH', 'FIFTH', 'SIXTH'];

/** What a shell fills by itself. */
const OF_SHELL: Readonly<Record<string, string>> = { folder: '"$PWD"' };

/**
 * A word for each placeholder of the step that this command is of.
 *
 * @example openWords(lab, command) // { 'quiet.short': 'FIRST', 'unseen.short': 'SECOND', image: 'IMAGE' }
 */
export function openWords({ steps }: Pick<Lab, 'steps'>, command: Command): Values {
  const step = steps.find(({ commands }) => commands.includes(command));
  return step ? wordsOf(step) : {};
}

function wordsOf({ commands }: Step): Values {
  const used = commands.flatMap(({ run, terminal, passwordOf }) => [
    ...[run, ...(terminal === undefined ? [] : [terminal])].flatMap((line) => [...templateOf(line).names]),
    ...(passwordOf === undefined ? [] : [`${passwordOf}.short`]),
  ]);
  const all = [...new Set(used)].filter((name) => !isAddition(name));
  // In the order in which they come into being, and those of other steps behind them.
  const made = commands.flatMap(({ creates }) => creates ?? []);
  const known = all.flatMap((each) => (/\.(id|short|name)$/.test(each) ? [ownerOf(each)] : []));
  const containers = [...new Set([...made.filter((name) => known.includes(name)), ...known])];
  const wordOf = (placeholder: string): string => {
    const field = placeholder.slice(placeholder.lastIndexOf('.') + 1);
    if (!/^(id|short|name)$/.test(field)) return OF_SHELL[placeholder] ?? field.toUpperCase();
    const at = containers.indexOf(ownerOf(placeholder));
    return containers.length === 1 ? 'CONTAINER' : (ORDINALS[at] ?? `CONTAINER${at + 1}`);
  };
  const inOrder = all.toSorted((a, b) => containers.indexOf(ownerOf(a)) - containers.indexOf(ownerOf(b)));
  return Object.fromEntries(inOrder.map((each) => [each, wordOf(each)]));
}

function ownerOf(placeholder: string): string {
  return placeholder.slice(0, placeholder.lastIndexOf('.'));
}

/** What each word stands for that is in one of these lines: a sentence each. */
export function toldWords(
  content: Content,
  lab: Lab,
  commands: readonly Command[],
  lines: readonly string[],
): string[] {
  const [first] = commands;
  const words = first ? Object.entries(openWords(lab, first)) : [];
  const there = new Set(lines.flatMap((line) => line.split(/\W+/)));
  const told = words
    .filter(([, word]) => there.has(String(word)))
    .flatMap(([placeholder, word]) => sentenceOf(content, placeholder, String(word)) ?? []);
  return [...new Set(told)];
}

function sentenceOf(content: Content, placeholder: string, word: string): string | null {
  const name = ownerOf(placeholder);
  const field = placeholder.slice(name.length + 1);
  if (/^(id|short|name)$/.test(field))
    return content.say('messages', 'open-container', { word, role: content.roleOf(name) });
  if (field === 'volume')
    return content.say('messages', 'open-volume', { word, role: content.roleOf(name, 'volume') });
  if (field === 'address')
    return content.say('messages', 'open-address', { word, role: content.roleOf(name) });
  return placeholder === 'target' ? content.say('messages', 'open-target', { word }) : null;
}
