/** Whether a step's prose has all that is shown of it, and the same in every language. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Content, placeholdersOf, STEP_SECTIONS, type StepText, writtenIn } from '../lab/content.ts';
import { fencedParts } from '../lab/fences.ts';
import type { LabFolders } from '../lab/find.ts';
import { isForeign, LANGUAGES, type Language } from '../lab/languages.ts';
import type { Step } from '../lab/model.ts';
import { placeholdersFor, WORLD_FIELDS } from '../lab/placeholders.ts';
import type { Service } from '../lab/service.ts';
import { shownAdditions, withPassword, withShellsPassword } from '../lab/shown.ts';
import { braced, listed, onlyIn, type Problem, type ProblemKey, problem } from './problem.ts';
import { type LoadedLab, mayBeLost } from './step-files.ts';
import { typesetProblems } from './typeset.ts';

/** Parts of a container that are known only once it is there. */
const isOfWorld = (name: string) => WORLD_FIELDS.some((field) => name.endsWith(`.${field}`));

/** A step's prose in one language. */
interface Written {
  file: string;
  language: Language;
  markdown: string;
  /** Null: it lacks a part without which it cannot be read. */
  text: StepText | null;
}

/** `stem`: the name of the step's files without an extension, `01-hello`. */
export function textProblems(folders: LabFolders, loaded: LoadedLab, step: Step, stem: string): Problem[] {
  const { lab, isSet } = loaded;
  const problems: Problem[] = [];
  const written = LANGUAGES.flatMap((language) => readText(folders, stem, language, problems) ?? []);
  const known = placeholdersFor(lab, step.id);
  const hasValue = (name: string) => known.has(name) || mayBeLost(loaded, name);
  // What they are is told by the lab's service.
  const lines = isSet ? linesOf(step, lab.settings.service) : null;
  for (const each of written) {
    problems.push(...placeholderProblems(each, hasValue));
    problems.push(...typesetProblems(each.language, each.file, each.markdown));
    if (each.text) problems.push(...partProblems(step, each.file, each.text, lines));
    if (each.text) problems.push(...emptyOrForeign(each.file, each.language, each.text));
  }
  const [first, ...others] = written;
  if (first) for (const other of others) problems.push(...differences(first, other));
  return problems;
}

function readText(
  { content }: LabFolders,
  stem: string,
  language: Language,
  problems: Problem[],
): Written | null {
  const name = `${stem}.${language}.md`;
  const file = `content/${name}`;
  if (!existsSync(join(content, name))) {
    problems.push(problem(file, 'problem-no-text', { language, sections: listed(STEP_SECTIONS) }));
    return null;
  }
  const markdown = writtenIn(join(content, name));
  const found = shapeProblems(file, markdown);
  problems.push(...found);
  const text = found.length > 0 ? null : new Content(language, content).step(stem);
  return { file, language, markdown, text };
}

/** What keeps it from being read at all. */
function shapeProblems(file: string, markdown: string): Problem[] {
  const problems: Problem[] = [];
  const add = (key: ProblemKey, values = {}) => problems.push({ file, key, values });
  if (!/^# .+$/m.test(markdown)) add('problem-no-title');
  const found = [...markdown.matchAll(/^## (.+)$/gm)].map((match) => (match[1] as string).trim());
  const lacking = onlyIn(STEP_SECTIONS, found);
  for (const section of lacking) add('problem-section-missing', { section });
  for (const section of onlyIn(found, STEP_SECTIONS))
    add('problem-section-unknown', { section, known: listed(STEP_SECTIONS) });
  const isOrdered = found.filter((each) => !lacking.includes(each)).join() === STEP_SECTIONS.join();
  if (problems.length === 0 && !isOrdered) add('problem-section-order', { known: listed(STEP_SECTIONS) });
  const options = markdown.match(/^- \[[ x]\] .+$/gm) ?? [];
  const right = options.filter((option) => option.startsWith('- [x]'));
  if (right.length !== 1 || options.length < 3) add('problem-prediction');
  return problems;
}

function placeholderProblems({ file, markdown }: Written, hasValue: (name: string) => boolean): Problem[] {
  // A capital keeps it from being filled at all: it would stand there as it is.
  const capitals = [...markdown.matchAll(/\{\{([A-Z][\w.-]*)\}\}/g)].map((match) => match[1] as string);
  const open = new Set([...placeholdersOf(markdown), ...capitals].filter((name) => !hasValue(name)));
  return [...open].map((name) => problem(file, 'problem-placeholder', { name: braced(name) }));
}

/** The step's commands with all that is shown of what pglab adds to them. */
function linesOf({ commands }: Step, service?: Service): string[] {
  const ours = shownAdditions(service).ours.join(' ');
  return commands.map((command) => {
    const line = command.run.replace(/\{\{(ours|named)\}\}/g, ours);
    if (!service) return line;
    return command.passwordOf === undefined
      ? withShellsPassword(line, command, service)
      : withPassword(line, '', service);
  });
}

/** Its checks, remarks, hints and additions, beside those of the code. `lines`: null where they are not known. */
function partProblems(step: Step, file: string, text: StepText, lines: readonly string[] | null): Problem[] {
  const problems: Problem[] = [];
  const add = (key: ProblemKey, values: Problem['values'] = {}) => problems.push({ file, key, values });
  const checks = step.checks.map(({ id }) => id);
  for (const id of onlyIn(checks, text.checks.keys())) add('problem-check-untitled', { id });
  // Of two checks with one id, one has lost its own.
  const isTwice = new Set(checks).size < checks.length;
  for (const id of isTwice ? [] : onlyIn(text.checks.keys(), checks))
    add('problem-check-unknown', { id, known: listed(checks) });
  const remarks = step.commands.flatMap(({ lookAt = {} }) => Object.keys(lookAt));
  for (const id of onlyIn(remarks, text.look.keys())) add('problem-remark-missing', { id });
  for (const id of onlyIn(text.look.keys(), remarks)) add('problem-remark-unknown', { id });
  if (text.hints.length !== 3) add('problem-hints', { count: text.hints.length });
  for (const [at, hint] of text.hints.entries())
    if (columnsOf(hint) < 10) add('problem-hint-empty', { number: at + 1 });
  if (text.hints.length === 3 && !/`[^`]+`/.test(text.hints[2] as string)) add('problem-hint-command');
  if (!text.prediction?.because) add('problem-prediction-why');
  const early = placeholdersOf(text.intro + text.goal).filter(isOfWorld);
  if (early.length > 0) add('problem-before-run', { names: listed(early.map(braced)) });
  for (const fragment of lines === null ? [] : text.added.keys()) {
    const isWord =
      fragment === 'labels' || (fragment === 'typed' && step.commands.some((each) => each.terminal));
    const isThere = isWord || lines?.some((command) => command.includes(fragment));
    if (!isThere) add('problem-added-unknown', { fragment });
  }
  return problems;
}

/** What is shown of a step must say something, in its own language. */
function emptyOrForeign(file: string, language: Language, text: StepText): Problem[] {
  const parts = {
    ...{ '# …': text.intro, '## goal': text.goal, '## explanation': text.explanation },
    ...{ '## then and now': text.thenAndNow, '## hints': text.hints.join('\n') },
  };
  return Object.entries(parts).flatMap(([part, words]) => {
    if (words === '') return [problem(file, 'problem-empty', { part })];
    return isForeign(language, words) ? [problem(file, 'problem-untranslated', { part, language })] : [];
  });
}

/** As wide as it stands on a terminal: a Chinese character takes two columns. */
function columnsOf(text: string): number {
  return text.trim().replace(/[\u2e80-\uffef]/g, '..').length;
}

/** What one language says otherwise than another. */
function differences(first: Written, other: Written): Problem[] {
  const problems: Problem[] = [];
  const add = (key: ProblemKey, values: Problem['values'] = {}) =>
    problems.push({ file: other.file, key, values: { ...values, other: first.file } });
  const fences = ({ markdown }: Written) =>
    fencedParts(markdown).flatMap(({ isCode, text }) => (isCode ? [text] : []));
  if (fences(first).join('\n') !== fences(other).join('\n')) add('problem-same-code');
  const [a, b] = [first.text, other.text];
  if (!a || !b) return problems;
  const shape = ({ prediction }: StepText) => `${prediction?.options.length} ${prediction?.right}`;
  if (shape(a) !== shape(b)) add('problem-same-prediction');
  if ([...a.added.keys()].join('\n') !== [...b.added.keys()].join('\n'))
    add('problem-same-added', { wanted: listed(a.added.keys()) });
  for (const part of ['intro', 'goal', 'explanation', 'thenAndNow'] as const) {
    const [here, there] = [placeholdersOf(b[part]), placeholdersOf(a[part])];
    const differing = [...onlyIn(here, there), ...onlyIn(there, here)];
    if (differing.length > 0) add('problem-same-placeholders', { names: listed(differing.map(braced)) });
  }
  return problems;
}
