/** Commands in prose: what a reader copies must run as it stands, once their own words are put in. */
import { fencedParts } from '../lab/fences.ts';
import { type Problem, problem } from './problem.ts';

/** A span of code, and a line of a code block, that begins with a program. */
const COMMAND = /^(?:docker|pglab|psql|pg_isready|export [A-Z]|unset|eval|sudo|apt-get|PG[A-Z]+=) ?\S/;

/** Options that are given to one. */
const OPTION = /^--?[a-z][\w-]*(?:[ =]|$)/;

const SPAN = /`([^`\n]+)`/g;

/** Dots where something was left out, and marks that no shell knows. */
const UNTYPED = /…|\.{3}|[，。；：？！、（）“”‘’《》]/;

/**
 * Commands in a text that cannot be pasted.
 *
 * @example pastedProblems('content/01-clock.en.md', 'Run `docker wait …`.') // one, `problem-command-open`
 */
export function pastedProblems(file: string, markdown: string): Problem[] {
  return commandsIn(markdown).flatMap(({ command, line }) =>
    UNTYPED.test(command) ? [problem(file, 'problem-command-open', { line, is: command })] : [],
  );
}

/** Each with the number of its line. */
export function commandsIn(markdown: string): { command: string; line: number }[] {
  let line = 0;
  return fencedParts(markdown).flatMap(({ isCode, text }) =>
    text.split('\n').flatMap((each) => {
      line += 1;
      const spans = isCode ? [each.trim()] : [...each.matchAll(SPAN)].map(([, code]) => code as string);
      return spans
        .filter((code) => COMMAND.test(code) || (!isCode && OPTION.test(code)))
        .map((command) => ({ command, line }));
    }),
  );
}
