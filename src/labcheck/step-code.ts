/** Whether what a step's code names is there: names of the world, checks, placeholders. */
import type { Command, Step } from '../lab/model.ts';
import { placeholdersFor } from '../lab/placeholders.ts';
import { templateOf } from '../lab/template.ts';
import { Trouble } from '../trouble.ts';
import { braced, listed, type Problem, problem } from './problem.ts';
import { type LoadedLab, mayBeLost } from './step-files.ts';

export function codeProblems(loaded: LoadedLab, step: Step, file: string): Problem[] {
  const known = placeholdersFor(loaded.lab, step.id);
  const hasValue = (name: string) => known.has(name) || mayBeLost(loaded, name);
  return [
    ...doubles(step, file),
    ...step.commands.flatMap((command) => commandProblems(loaded, step, command, hasValue, file)),
    ...Object.keys(step.world ?? {}).flatMap((name) => nameProblem(loaded, 'world', name, file)),
    ...['needs', 'beside', 'changes', 'draws'].flatMap((field) =>
      (step[field as 'needs' | 'beside' | 'changes' | 'draws'] ?? []).flatMap((name) =>
        nameProblem(loaded, field, name, file),
      ),
    ),
  ];
}

function doubles({ checks }: Step, file: string): Problem[] {
  const ids = checks.map(({ id }) => id);
  const twice = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
  return [...twice].map((id) => problem(file, 'problem-check-twice', { id }));
}

function commandProblems(
  loaded: LoadedLab,
  step: Step,
  command: Command,
  hasValue: (name: string) => boolean,
  file: string,
): Problem[] {
  const { run, terminal, proves = [], during = [] } = command;
  const lines = terminal === undefined ? [run] : [run, terminal];
  const checks = step.checks.map(({ id }) => id);
  const unknown = [...proves, ...during].filter((id) => !checks.includes(id));
  return [
    ...lines.flatMap((line) => lineProblems(line, hasValue, file)),
    ...unknown.map((id) =>
      problem(file, 'problem-proves-unknown', { command: run, id, known: listed(checks) }),
    ),
    ...(['removes', 'ready', 'readyFirst', 'passwordOf'] as const).flatMap((field) =>
      command[field] === undefined ? [] : nameProblem(loaded, field, command[field], file),
    ),
  ];
}

/** Its placeholders, and whether a shell takes their values as they are. */
function lineProblems(line: string, hasValue: (name: string) => boolean, file: string): Problem[] {
  try {
    return [...templateOf(line).names]
      .filter((name) => !hasValue(name))
      .map((name) => problem(file, 'problem-command-placeholder', { command: line, name: braced(name) }));
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return [problem(file, 'problem-command-unsafe', { command: line, why: error.values.why ?? '' })];
  }
}

function nameProblem({ lab, lost }: LoadedLab, field: string, name: string, file: string): Problem[] {
  const made = lab.steps.flatMap(({ commands }) =>
    commands.flatMap(({ creates, createsVolume }) => [creates ?? [], createsVolume ?? []].flat()),
  );
  if (made.includes(name) || lost.size > 0) return [];
  return [problem(file, 'problem-name-unknown', { field, name, known: listed(new Set(made)) })];
}
