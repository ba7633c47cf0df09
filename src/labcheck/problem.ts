/** What is wrong with a lab: data, put into words where it is printed. */
import type { MessageKey } from '../content-keys.ts';
import type { Values } from '../values.ts';

/** Each is a sentence that says what to write. */
export type ProblemKey = Extract<MessageKey, `problem-${string}`>;

export interface Problem {
  /** The file to mend, below the lab's folder: `content/01-hello.en.md`. */
  file: string;
  key: ProblemKey;
  values: Values;
}

export function problem(file: string, key: ProblemKey, values: Values = {}): Problem {
  return { file, key, values };
}

/** A placeholder as it is written. */
export function braced(name: string): string {
  return `{{${name}}}`;
}

/** As a sentence lists them: `a`, `b`. */
export function listed(words: Iterable<string>): string {
  return [...words].map((word) => `\`${word}\``).join(', ');
}

/** What only the first has, each once. */
export function onlyIn(first: Iterable<string>, second: Iterable<string>): string[] {
  const others = new Set(second);
  return [...new Set(first)].filter((each) => !others.has(each));
}
