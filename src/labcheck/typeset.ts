/** How prose is set: its commands in every language, its marks and spaces where rules that a machine can decide say how. */
import type { Language } from '../lab/languages.ts';
import { chineseProblems } from './chinese.ts';
import { pastedProblems } from './pasted.ts';
import type { Problem } from './problem.ts';

const RULED: Partial<Record<Language, (file: string, markdown: string) => Problem[]>> = {
  zh: chineseProblems,
};

/** What is wrong with how a text is set. */
export function typesetProblems(language: Language, file: string, markdown: string): Problem[] {
  return [...pastedProblems(file, markdown), ...(RULED[language]?.(file, markdown) ?? [])];
}
