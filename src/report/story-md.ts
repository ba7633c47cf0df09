/** A story as Markdown: what a wiki renders. Text of others stays text. */

import type { About } from '../lab/about.ts';
import { fencedParts } from '../lab/fences.ts';
import { joinedLines } from '../lab/joined-lines.ts';
import { textOf } from '../map/lanes.ts';
import { MARKS } from '../outcome.ts';
import { visible } from '../visible.ts';
import type { Story, StoryStep } from './envelope.ts';
import { isTold, type StoryWords } from './story-words.ts';

export function storyMarkdown(story: Story, about: About, words: StoryWords): string {
  const machine = words.machine(story).map(([what, is]) => `- **${asText(what)}** ${asText(is)}`);
  const untold = story.steps
    .filter((step) => !isTold(step))
    .map(({ number, title }) => `- ${number} · ${asText(title)}`);
  const parts = [
    `# ${asText(about.title)}`,
    asProse(about.source),
    words.tally(story).map(asText).join(' · '),
    machine.join('\n'),
    asText(words.foreword(story)),
    ...story.steps.filter(isTold).map((step) => stepMarkdown(step, words)),
    untold.length > 0 ? `${asText(words.say('report-not-done'))}\n\n${untold.join('\n')}` : '',
    `## ${asText(words.say('report-clean-up'))}`,
    asProse(words.cleanUp(story)),
    about.readOn === '' ? '' : `## ${asText(words.say('report-read-on'))}\n\n${asProse(about.readOn)}`,
  ];
  // It is read in terminals as well, and what is told in it comes from others.
  return visible(`${parts.filter((part) => part !== '').join('\n\n')}\n`, { lines: true });
}

/** Of a map that is text: as wide as a page, in no colour. */
const PLAIN = { columns: 90, paint: (_: unknown, text: string) => text, bare: true };

/** A row a run, each with its page beside this one. */
export function indexMarkdown(
  rows: readonly { file: string; story: Story }[],
  { title }: About,
  words: StoryWords,
): string {
  const heads = words.indexHeads().map(cell).join(' | ');
  const body = rows.map(({ file, story }) => {
    const marks = story.steps.map(({ outcome }) => (outcome === null ? '·' : MARKS[outcome])).join('');
    const name = `[${asText(story.run)}](${encodeURIComponent(file)})`;
    return `| ${name} | ${cell(words.when(story))} | ${marks} ${cell(words.tally(story).join(' · '))} |`;
  });
  return [`# ${asText(title)}`, '', `| ${heads} |`, '| --- | --- | --- |', ...body, ''].join('\n');
}

function stepMarkdown(step: StoryStep, words: StoryWords): string {
  const { number, title, explanation, thenAndNow, question, reason } = step;
  const parts = [
    `## ${number} · ${asText(title)}`,
    asText(words.details(step).join(' · ')),
    asProse(step.intro),
    reason === null ? '' : asParagraph(reason),
    ...step.commands.map((command) => commandMarkdown(command, step.byHand, words)),
    step.checks.map((check) => checkMarkdown(check, words)).join('\n'),
    question ? questionMarkdown(question, words) : '',
    explanation === null ? '' : asProse(explanation),
    step.map === null ? '' : fence(textOf(words.scene(step.map), PLAIN).join('\n')),
    thenAndNow === null
      ? ''
      : `> **${asText(words.say('then-and-now'))}** ${asProse(thenAndNow).replace(/\n/g, '\n> ')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function commandMarkdown(
  { article, here, added, ran }: StoryStep['commands'][number],
  byHand: boolean,
  words: StoryWords,
): string {
  const label = (key: 'article' | 'here', line: string) =>
    `**${asText(words.labelOf(key, byHand, ran))}**\n\n${fence(line)}`;
  const output = (ran?.lines ?? []).map((line) => {
    if ('folded' in line) return `  ⋮ ${words.say('more-lines', { count: line.folded })}`;
    return line.said ? `${line.text}  ◀ ${line.said}` : line.text;
  });
  return [
    ...(article === null ? [] : [label('article', article)]),
    ...(article === here ? [] : [label('here', here)]),
    added
      .map(({ fragment, reason }) => `- ${fragment === null ? '' : `\`${fragment}\` `}${asProse(reason)}`)
      .join('\n'),
    output.length > 0 ? fence(output.join('\n')) : '',
    ran ? asText(words.ended(ran)) : '',
    ran || byHand ? '' : asText(words.say('report-not-run')),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function checkMarkdown(check: StoryStep['checks'][number], words: StoryWords): string {
  const { outcome, title, observed, note, expected, why, goOn, evidence } = check;
  const head = `- ${MARKS[outcome]} **${asProse(title)}** ${asProse(observed)}`;
  const seeIt = evidence ? [row(words.say('see-it'), span(evidence))] : [];
  if (outcome === 'met') return [head, ...(note ? [`  ${asProse(note)}`] : []), ...seeIt].join('\n');
  const rows = [
    row(words.say('expected'), asProse(expected)),
    ...(why ? [row(words.say('why'), asProse(why))] : []),
    ...seeIt,
    ...(goOn ? [row(words.say('go-on'), asProse(goOn))] : []),
  ];
  return [head, ...rows].join('\n');
}

function row(label: string, text: string): string {
  return `  - **${asText(label)}** ${text}`;
}

function questionMarkdown(
  { question, options, right, said, because }: NonNullable<StoryStep['question']>,
  words: StoryWords,
): string {
  const rows = options.map((option, at) => {
    const remarks = words.remarks({ said, right }, at);
    return `- ${asProse(option)}${remarks.length > 0 ? ` ← ${asText(remarks.join(' · '))}` : ''}`;
  });
  return [asProse(question), rows.join('\n'), asProse(because)].join('\n\n');
}

/** A code block; longer than any fence inside of it. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}\n${text}\n${ticks}`;
}

/** Code within a line. */
function span(code: string): string {
  const text = code
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${text}${ticks}` : `${ticks} ${text} ${ticks}`;
}

/** How a code block begins for CommonMark too: with backticks in its first line it is none. */
const FENCED = /^ {0,3}`{3}[^`\n]*\n/;

/** Our prose with values of others in it: its Markdown stays, HTML, links and pictures do not. */
function asProse(markdown: string): string {
  return fencedParts(markdown)
    .map(({ isCode, text }) =>
      isCode && FENCED.test(text) ? text : joinedLines(text).split('\n').map(tame).join('\n'),
    )
    .join('\n');
}

/** What would begin a heading, a list, a quote or a rule. */
const BLOCK = /^(?:[#>+*=~-]|\d{1,9}(?=[.)]))/;

/** Prose that may be somebody's own words: it is a paragraph, however it begins. */
function asParagraph(markdown: string): string {
  return asProse(markdown).replace(BLOCK, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));
}

/** What is escaped already; a run of backticks, with its code where the line has a run as long again; a mark. */
const MARKED = /\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)|`+|[<[\]]/g;

/** One line as CommonMark reads it. A run of backticks that opens no code here would open it in a later line. */
function tame(line: string): string {
  return line.replace(MARKED, (found: string, ticks: string | undefined) => {
    if (ticks !== undefined || found.startsWith('\\')) return found;
    if (found === '<') return '&lt;';
    return [...found].map((mark) => `\\${mark}`).join('');
  });
}

/** Text that has no Markdown in it. */
function asText(text: string): string {
  return text.replace(/[\\`*_[\]<]/g, (mark) => (mark === '<' ? '&lt;' : `\\${mark}`));
}

function cell(text: string): string {
  return asText(text).replaceAll('|', '\\|');
}
