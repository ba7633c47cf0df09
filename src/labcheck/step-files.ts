/** Whether a lab's step files can be used, each by itself: before anything else is asked of them. */
import { type LabFolders, labFile, stepFiles } from '../lab/find.ts';
import { imported } from '../lab/load.ts';
import type { Lab, LabSettings, Step } from '../lab/model.ts';
import { misshapenIn } from '../lab/shape.ts';
import { Trouble } from '../trouble.ts';
import { listed, type Problem, problem } from './problem.ts';

/** The lab, of all steps that can be used, and what is wrong with the others. */
export async function loadedSteps(folders: LabFolders): Promise<{ lab: Lab; problems: Problem[] }> {
  const problems: Problem[] = [];
  const steps: Step[] = [];
  const seen = new Set<string>();
  for (const { id, file } of stepFiles(folders)) {
    if (seen.has(id)) problems.push(problem(file, 'problem-step-twice', { id }));
    seen.add(id);
    const step = await loaded<Step>(folders, file, problems);
    if (step === undefined) continue;
    const found = stepProblems(file, id, step);
    if (found.length === 0) steps.push(step);
    problems.push(...found);
  }
  const settings = await loadedSettings(folders, problems);
  return { lab: { id: folders.id, steps, settings }, problems };
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

async function loadedSettings(folders: LabFolders, problems: Problem[]): Promise<LabSettings> {
  const none = { image: null, ports: {} };
  const file = labFile(folders, 'lab');
  if (file === null) return none;
  const settings = await loaded<LabSettings>(folders, file, problems);
  if (settings === undefined) return none;
  const misshapen = shapeProblems('settings', settings, file);
  problems.push(...misshapen);
  if (misshapen.length > 0) return none;
  for (const [name, port] of Object.entries(settings.ports)) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      problems.push(problem(file, 'problem-port', { name, port: String(port) }));
  }
  return settings;
}
