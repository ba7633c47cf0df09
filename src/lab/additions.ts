/** What was added to the article's command, and why: told on the terminal and in a report. */
import type { StepText } from './content.ts';
import type { Command } from './model.ts';
import { hasAdditions, templateOf } from './template.ts';
import { isLineOf } from './told-command.ts';

interface Addition {
  /** A piece of the line; null: it is no piece of it, as our labels and what is typed into its terminal. */
  fragment: string | null;
  /** Prose, to be filled. */
  reason: string;
}

/**
 * Each reason once a step: `explained` holds what was told before. `here`: the line as it is shown; `labelled`: pglab runs
 * it, with labels of its own.
 */
export function* additionsTo(
  command: Command,
  here: string,
  { added }: Pick<StepText, 'added'>,
  explained: Set<string>,
  { labelled = true }: { labelled?: boolean } = {},
): Generator<Addition> {
  for (const [fragment, reason] of added) {
    const isLabels = fragment === 'labels' && labelled && hasAdditions(templateOf(command.run));
    const isWord = isLabels || (fragment === 'typed' && isTypedInto(command, here));
    const isAdded = isWord || (here.includes(fragment) && !command.article?.includes(fragment));
    if (!isAdded || explained.has(fragment)) continue;
    explained.add(fragment);
    yield { fragment: isWord ? null : fragment, reason };
  }
}

/** Whether the line opens a terminal, into which a person types. */
function isTypedInto({ terminal }: Command, here: string): boolean {
  return terminal !== undefined && isLineOf({ run: terminal }, here);
}
