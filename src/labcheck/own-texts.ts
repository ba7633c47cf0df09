/** Whether the sentences of checks, findings and notes are there: the shared ones, and those that a lab brings. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Content, OWN_FILES, placeholdersOf, writtenIn } from '../lab/content.ts';
import { type Entries, parseEntries } from '../lab/entries.ts';
import { type LabFolders, stemOf, stepFiles } from '../lab/find.ts';
import { isForeign, LANGUAGES, type Language } from '../lab/languages.ts';
import type { Check } from '../lab/model.ts';
import { placeholdersFor } from '../lab/placeholders.ts';
import { braced, listed, onlyIn, type Problem, type ProblemKey, problem } from './problem.ts';
import { type LoadedLab, mayBeLost } from './step-files.ts';
import { typesetProblems } from './typeset.ts';

type OwnFile = (typeof OWN_FILES)[number];

/** The fields that each entry of a file has. */
const FIELDS: Readonly<Record<OwnFile, readonly string[]>> = {
  messages: ['text'],
  checks: ['expected', 'seen'],
  findings: ['seen', 'why', 'go'],
  notes: ['text'],
};

/** What this lab adds to a shared file, in one language. */
function ownEntries({ content }: LabFolders, file: OwnFile, language: string): Entries {
  const path = join(content, `${file}.${language}.md`);
  return parseEntries(existsSync(path) ? writtenIn(path) : '');
}

export function ownTextProblems(folders: LabFolders, loaded: LoadedLab): Problem[] {
  return [
    ...OWN_FILES.flatMap((file) => fileProblems(folders, file)),
    ...untoldProblems(folders, loaded),
    ...valueProblems(folders, loaded),
    ...unusedProblems(folders, loaded),
    ...orphanProblems(folders),
  ];
}

/** Keys of its own, with the fields they must have, the same in every language. */
function fileProblems(folders: LabFolders, file: OwnFile): Problem[] {
  const shared = new Content(LANGUAGES[0], '').entries(file);
  return LANGUAGES.flatMap((language) => {
    const own = ownEntries(folders, file, language);
    const add = (key: ProblemKey, values: Problem['values']) => ({
      file: `content/${file}.${language}.md`,
      key,
      values,
    });
    const alone = [...own].flatMap(([key, fields]) => {
      const lacking = onlyIn(FIELDS[file], Object.keys(fields));
      return [
        ...(shared.has(key) ? [add('problem-own-shared', { key })] : []),
        ...(lacking.length > 0 ? [add('problem-own-fields', { key, fields: listed(lacking) })] : []),
        ...(isCopied(language, fields) ? [add('problem-untranslated', { part: `## ${key}`, language })] : []),
      ];
    });
    const beside = LANGUAGES.filter((other) => other !== language).flatMap((other) => {
      const there = ownEntries(folders, file, other);
      return [
        ...onlyIn(there.keys(), own.keys()).map((key) => add('problem-own-language', { key, other })),
        ...[...own].flatMap(([key, fields]) => {
          const names = onlyIn(placeholdersIn(fields), placeholdersIn(there.get(key) ?? fields));
          if (names.length === 0) return [];
          return [add('problem-own-placeholders', { key, other, names: listed(names.map(braced)) })];
        }),
      ];
    });
    const path = join(folders.content, `${file}.${language}.md`);
    const set = existsSync(path)
      ? typesetProblems(language, `content/${file}.${language}.md`, writtenIn(path))
      : [];
    return [...alone, ...beside, ...set];
  });
}

function isCopied(language: Language, fields: Record<string, string>): boolean {
  return isForeign(language, Object.values(fields).join('\n'));
}

/** Prose in the name of a step that is not there: of one that was renamed, for example. */
function orphanProblems(folders: LabFolders): Problem[] {
  if (!existsSync(folders.content)) return [];
  const stems = stepFiles(folders).map(({ file }) => stemOf(file));
  return readdirSync(folders.content).flatMap((file) => {
    const stem = /^(\d\d-.+)\.\w+\.md$/.exec(file)?.[1];
    if (stem === undefined || stems.includes(stem)) return [];
    return [problem(`content/${file}`, 'problem-text-orphan', { stem, known: listed(stems) })];
  });
}

function placeholdersIn(fields: Record<string, string>): string[] {
  return Object.values(fields).flatMap(placeholdersOf);
}

/** Kinds of checks without sentences, and findings of the lab's own checks without a text, in any language. */
function untoldProblems(folders: LabFolders, { lab }: LoadedLab): Problem[] {
  const problems: Problem[] = [];
  // What one language has and another has not is told as that.
  const isSomewhere = (file: OwnFile, key: string) =>
    LANGUAGES.some((language) => new Content(language, folders.content).entries(file).has(key));
  for (const language of LANGUAGES) {
    const content = new Content(language, folders.content);
    const [checks, findings] = [content.entries('checks'), content.entries('findings')];
    for (const check of lab.steps.flatMap((step) => step.checks)) {
      if (!checks.has(check.kind) && !isSomewhere('checks', check.kind))
        problems.push(
          problem(`content/checks.${language}.md`, 'problem-no-sentences', {
            id: check.id,
            kind: check.kind,
          }),
        );
      for (const finding of check.finds)
        if (!findings.has(finding) && !isSomewhere('findings', finding))
          problems.push(
            problem(`content/findings.${language}.md`, 'problem-finding-untold', {
              id: check.id,
              finding,
            }),
          );
    }
  }
  return once(problems);
}

/** Sentences of the lab's own that use a value which the check they are for does not have. */
function valueProblems(folders: LabFolders, loaded: LoadedLab): Problem[] {
  const problems: Problem[] = [];
  for (const step of loaded.lab.steps) {
    const known = placeholdersFor(loaded.lab, step.id);
    for (const check of step.checks)
      for (const language of LANGUAGES) {
        const open = (file: OwnFile, key: string, has: readonly string[]) =>
          placeholdersIn(ownEntries(folders, file, language).get(key) ?? {}).filter(
            (name) => !known.has(name) && !has.includes(name) && !mayBeLost(loaded, name),
          );
        const add = (file: OwnFile, key: ProblemKey, about: string, names: readonly string[]) => {
          if (names.length === 0) return;
          const values = { id: check.id, about, names: listed(names.map(braced)), bare: listed(names) };
          problems.push(problem(`content/${file}.${language}.md`, key, values));
        };
        add('checks', 'problem-kind-value', check.kind, open('checks', check.kind, hasAlways(check)));
        for (const finding of check.finds) {
          const has = [...hasAlways({ ...check, says: [] }), ...toldWith(check, finding)];
          add('findings', 'problem-finding-value', finding, open('findings', finding, has));
        }
      }
  }
  return once(problems);
}

/** What it is about is in every verdict, what it says in one that is met; a sentence may name its note. */
function hasAlways({ says, about = {} }: Check): string[] {
  return [...says, ...Object.keys(about), 'note'];
}

function toldWith({ tells = {} }: Check, finding: string): readonly string[] {
  return Object.hasOwn(tells, finding) ? (tells[finding] ?? []) : [];
}

/** Sentences and findings that the lab brings, and no check of it uses; a step that cannot be used might. */
function unusedProblems(folders: LabFolders, { lab, lost }: LoadedLab): Problem[] {
  if (lost.size > 0) return [];
  const checks = lab.steps.flatMap((step) => step.checks);
  const kinds = checks.map(({ kind }) => kind);
  const finds = checks.flatMap((check) => check.finds);
  return LANGUAGES.flatMap((language) => [
    ...onlyIn(ownEntries(folders, 'checks', language).keys(), kinds).map((key) =>
      problem(`content/checks.${language}.md`, 'problem-kind-unused', { key }),
    ),
    ...onlyIn(ownEntries(folders, 'findings', language).keys(), finds).map((key) =>
      problem(`content/findings.${language}.md`, 'problem-finding-unused', { key }),
    ),
  ]);
}

function once(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()];
}
