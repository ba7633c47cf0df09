/** Whether a lab is whole: what `pglab lab check` says of any lab, and the content tests of ours. */
import { type LabFolders, stemOf, stepFiles } from '../lab/find.ts';
import { ownTextProblems } from './own-texts.ts';
import type { Problem } from './problem.ts';
import { proofProblems } from './proof.ts';
import { codeProblems } from './step-code.ts';
import { loadedLab } from './step-files.ts';
import { textProblems } from './step-text.ts';

/**
 * All problems of a lab, file by file; empty: it is whole. Loads the lab's files, and runs no command of it. A
 * file that cannot be used is one problem: what only it would make right is not told until it is mended.
 */
export async function problemsOf(folders: LabFolders): Promise<Problem[]> {
  const loaded = await loadedLab(folders);
  const files = stepFiles(folders);
  const ofSteps = loaded.lab.steps.flatMap((step) => {
    const file = files.find(({ id }) => id === step.id)?.file ?? step.id;
    return [...codeProblems(loaded, step, file), ...textProblems(folders, loaded, step, stemOf(file))];
  });
  const ofProof = await proofProblems(folders, loaded);
  return [...loaded.problems, ...ofSteps, ...ownTextProblems(folders, loaded), ...ofProof];
}
