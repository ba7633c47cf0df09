/** Whether a lab's step files can be used, each by itself: before anything else is asked of them. */
import { type LabFolders, labFile, stepFiles } from '../lab/find.ts';
import { imported, requireSound } from '../lab/load.ts';
import type { Lab, LabSettings, Step } from '../lab/model.ts';
import { misshapenIn } from '../lab/shape.ts';
import { Trouble } from '../trouble.ts';
import { listed, type Problem, problem } from './problem.ts';

const NO_SETTINGS: LabSettings = { image: null, ports: {} };

export interface LoadedLab {
  /** Of all steps that can be used. */
  lab: Lab;
  /** What is wrong with the others. */
  problems: Problem[];
  /** The ids of steps that cannot be used. While there are any, what nothing uses or makes may be theirs. */
  lost: ReadonlySet<string>;
  /** Whether its settings are known: where `lab.js` cannot be used, they are not. */
  isSet: boolean;
}

/** The lab as far as its files can be used. */
export async function loadedLab(folders: LabFolders): Promise<LoadedLab> {
  const problems: Problem[] = [];
  const steps: Step[] = [];
  const lost = new Set<string>();
  const seen = new Set<string>();
  const files = stepFiles(folders);
  await tryOut(folders);
  for (const { id, file } of files) {
    if (seen.has(id)) {
      problems.push(problem(file, 'problem-step-twice', { id }));
      continue;
    }
    seen.add(id);
    const step = await loaded<Step>(folders, file, problems);
    const found = step === undefined ? [] : stepProblems(file, id, step);
    problems.push(...found);
    if (step !== undefined && found.length === 0) steps.push(step);
    else lost.add(id);
  }
  const settings = await loadedSettings(folders, problems);
  const lab = { id: folders.id, steps, settings: settings ?? NO_SETTINGS };
  return { lab, problems, lost, isSet: settings !== null };
}

/** All files in one process; after one with a fault, which is told where that file is loaded, the rest in another. */
async function tryOut(folders: LabFolders): Promise<void> {
  const others = [labFile(folders, 'lab'), labFile(folders, 'worlds')].filter((file) => file !== null);
  const files = [...stepFiles(folders).map(({ file }) => file), ...others];
  for (const at of files.keys()) await requireSound(folders, files.slice(at)).catch(() => {});
}

/** Whether a placeholder that has no value may get it from a file that cannot be used: a container, a port. */
export function mayBeLost({ lost, isSet }: LoadedLab, name: string): boolean {
  return name.includes('.') ? lost.size > 0 : !isSet;
}

/** What a file exports; undefined, and a problem, where it cannot be loaded or exports nothing. */
export async function loaded<T>(
  folders: LabFolders,
  file: string,
  problems: Problem[],
): Promise<T | undefined> {
  try {
    const found = (await imported<T | null | undefined>(folders, file)) ?? undefined;
    if (found === undefined) problems.push(problem(file, 'problem-no-default', {}));
    return found;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const isTyped = error.code === 'lab-needs-javascript';
    const key = isTyped ? 'problem-typescript' : 'problem-unloadable';
    problems.push({ file, key, values: error.values });
    return undefined;
  }
}

function stepProblems(file: string, id: string, step: Partial<Step>): Problem[] {
  const lacking = [
    ...(step.commands === undefined ? ['commands'] : []),
    ...(step.checks === undefined || step.checks.length === 0 ? ['checks'] : []),
  ];
  if (lacking.length > 0) return [problem(file, 'problem-step-lacks', { id, parts: listed(lacking) })];
  const PARTS = ['id', 'kind', 'says', 'finds', 'judge'] as const;
  for (const check of Array.isArray(step.checks) ? step.checks : []) {
    const absent = PARTS.filter((part) => check?.[part] === undefined);
    if (check && absent.length > 0)
      return [problem(file, 'problem-check-lacks', { id: String(check.id), parts: listed(absent) })];
  }
  const misshapen = shapeProblems('step', step, file);
  if (misshapen.length > 0 || step.id === id) return misshapen;
  return [problem(file, 'problem-step-id', { wanted: id, is: String(step.id) })];
}

/** Each part of a file's default export that is not what it must be, or means nothing. */
export function shapeProblems(
  what: Parameters<typeof misshapenIn>[0],
  exported: unknown,
  file: string,
): Problem[] {
  return misshapenIn(what, exported).map((found) => {
    const part = found.part === '' ? 'export default' : found.part;
    return 'wanted' in found
      ? problem(file, 'problem-part', { part, wanted: found.wanted })
      : problem(file, 'problem-part-unknown', { part, known: listed(found.known) });
  });
}

/** Null where there are some, and they cannot be used. */
async function loadedSettings(folders: LabFolders, problems: Problem[]): Promise<LabSettings | null> {
  const file = labFile(folders, 'lab');
  if (file === null) return NO_SETTINGS;
  const settings = await loaded<LabSettings>(folders, file, problems);
  if (settings === undefined) return null;
  const misshapen = shapeProblems('settings', settings, file);
  problems.push(...misshapen);
  if (misshapen.length > 0) return null;
  for (const [name, port] of Object.entries(settings.ports)) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      problems.push(problem(file, 'problem-port', { name, port: String(port) }));
  }
  return settings;
}
