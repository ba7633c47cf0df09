/** Whether a lab's step files can be used, each by itself: before anything else is asked of them. */
import { type LabFolders, labFile, stepFiles } from '../lab/find.ts';
import { imported } from '../lab/load.ts';
import type { Lab, LabSettings, Step } from '../lab/model.ts';
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
    const found = shapeProblem(file, id, step);
    if (found) problems.push(found);
    else steps.push(step);
  }
  const settings = await loadedSettings(folders, problems);
  return { lab: { id: folders.id, steps, settings }, problems };
}

/** What a file exports; undefined, and a problem, where it cannot be loaded. */
export async function loaded<T>(
  folders: LabFolders,
  file: string,
  problems: Problem[],
): Promise<T | undefined> {
  try {
    const found = await imported<T | undefined>(folders, file);
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

function shapeProblem(file: string, id: string, step: Partial<Step>): Problem | null {
  const lacking = [
    ...(Array.isArray(step.commands) ? [] : ['commands']),
    ...(Array.isArray(step.checks) && step.checks.length > 0 ? [] : ['checks']),
  ];
  if (lacking.length > 0) return problem(file, 'problem-step-lacks', { id, parts: listed(lacking) });
  const PARTS = ['id', 'kind', 'says', 'finds', 'judge'] as const;
  for (const check of step.checks ?? []) {
    const absent = PARTS.filter((part) => check[part] === undefined);
    if (absent.length > 0)
      return problem(file, 'problem-check-lacks', { id: String(check.id), parts: listed(absent) });
  }
  if (step.id === id) return null;
  return problem(file, 'problem-step-id', { wanted: id, is: String(step.id) });
}

async function loadedSettings(folders: LabFolders, problems: Problem[]): Promise<LabSettings> {
  const none = { image: null, ports: {} };
  const file = labFile(folders, 'lab');
  if (file === null) return none;
  const settings = await loaded<LabSettings>(folders, file, problems);
  if (settings === undefined) return none;
  for (const [name, port] of Object.entries(settings.ports ?? {})) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      problems.push(problem(file, 'problem-port', { name, port: String(port) }));
  }
  return { ...settings, ports: settings.ports ?? {} };
}
