/** Whether the lab's own checks can fail, each in every way it says: a wrong world proves each of their findings. */
import { Content, placeholdersOf } from '../lab/content.ts';
import { type LabFolders, labFile, stepFiles } from '../lab/find.ts';
import { LANGUAGES } from '../lab/languages.ts';
import type { Check } from '../lab/model.ts';
import { BASE_VALUES } from '../lab/placeholders.ts';
import type { WrongWorld } from '../lab/worlds.ts';
import { braced, type Problem, problem } from './problem.ts';
import { type LoadedLab, loaded, mayBeLost, shapeProblems } from './step-files.ts';

/** The findings that pglab has itself are proved by pglab's own tests. */
export async function proofProblems(folders: LabFolders, of: LoadedLab): Promise<Problem[]> {
  const { lab } = of;
  const problems: Problem[] = [];
  const there = labFile(folders, 'worlds');
  const file = there ?? 'worlds.js';
  const worlds = there === null ? [] : await loaded<readonly WrongWorld[]>(folders, there, problems);
  if (worlds === undefined) return problems;
  const misshapen = shapeProblems('worlds', worlds, file);
  if (misshapen.length > 0) return misshapen;
  const files = new Map(stepFiles(folders).map((step) => [step.id, step.file]));
  for (const step of lab.steps) {
    for (const check of step.checks) {
      if (cannotFail(check))
        problems.push(problem(files.get(step.id) ?? step.id, 'problem-finds-nothing', { id: check.id }));
      for (const finding of ownFindings(check)) {
        if (worlds.some((world) => world.step === step.id && world.finds === finding)) continue;
        problems.push(problem(file, 'problem-no-world', { id: check.id, step: step.id, finding }));
      }
    }
  }
  return [...problems, ...worlds.flatMap((world) => worldProblems(of, world, file))];
}

/** A check of the lab's own that names no finding. */
function cannotFail({ kind, finds }: Check): boolean {
  return finds.length === 0 && !new Content(LANGUAGES[0], '').entries('checks').has(kind);
}

function ownFindings({ finds }: Check): string[] {
  const shared = new Content(LANGUAGES[0], '').entries('findings');
  return finds.filter((finding) => !shared.has(finding));
}

function worldProblems(
  loaded: LoadedLab,
  { world, step, finds, commands }: WrongWorld,
  file: string,
): Problem[] {
  const { lab, lost } = loaded;
  const checks = lab.steps.find(({ id }) => id === step)?.checks ?? [];
  const isFound = checks.some((check) => check.finds.some((finding) => finding === finds));
  const known = new Set<string>([...BASE_VALUES, ...Object.keys(lab.settings.ports)]);
  return [
    ...(isFound || lost.has(step)
      ? []
      : [problem(file, 'problem-world-unknown', { world, step, finding: finds })]),
    ...(commands.length > 0 ? [] : [problem(file, 'problem-world-empty', { world })]),
    ...commands
      .flatMap((command) => placeholdersOf(command).map((name) => ({ command, name })))
      .filter(({ name }) => !known.has(name) && !mayBeLost(loaded, name))
      .map(({ command, name }) =>
        problem(file, 'problem-command-placeholder', { command, name: braced(name) }),
      ),
  ];
}
