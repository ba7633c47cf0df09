/** Whether a lab is whole: what `pglab lab check` says of any lab, and the content tests of ours. */
import { type LabFolders, stemOf, stepFiles } from '../lab/find.ts';
import { ownTextProblems } from './own-texts.ts';
import type { Problem } from './problem.ts';
import { proofProblems } from './proof.ts';
import { codeProblems } from './step-code.ts';
import { loadedSteps } from './step-files.ts';
import { textProblems } from './step-text.ts';

/** All problems of a lab, file by file; empty: it is whole. Loads the lab's files, and runs no command of it. */
export async function problemsOf(folders: LabFolders): Promise<Problem[]> {
  const { lab, problems } = await loadedSteps(folders);
  for (const { id, file } of stepFiles(folders)) {
    const step = lab.steps.find((each) => each.id === id);
    if (!step) continue;
    problems.push(...codeProblems(lab, step, file));
    problems.push(...textProblems(folders, lab, step, stemOf(file)));
  }
  return [...problems, ...ownTextProblems(folders, lab), ...(await proofProblems(folders, lab))];
}
