/** How prose is set, in languages whose marks and spaces follow rules that a machine can decide. */
import type { Language } from '../lab/languages.ts';
import { chineseProblems } from './chinese.ts';
import type { Problem } from './problem.ts';

const RULED: Partial<Record<Language, (file: string, markdown: string) => Problem[]>> = {
  zh: chineseProblems,
};

/** What is wrong with how a text is set; nothing in a language without such rules. */
export function typesetProblems(language: Language, file: string, markdown: string): Problem[] {
  return RULED[language]?.(file, markdown) ?? [];
}
