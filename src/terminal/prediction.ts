/** What was said before the commands ran, and what came of it. */
import type { Predicted } from '../journal/predictions.ts';
import { type Content, fillOpen, type Prediction } from '../lab/content.ts';
import { inOneLine } from '../lab/languages.ts';
import type { Values } from '../values.ts';
import { prose } from './markdown.ts';
import type { Screen } from './screen.ts';

type Place = { screen: Screen; content: Content };

/** The answer alone: the step is not done, and does not give its own away. */
export function drawSaid(
  { screen, content }: Place,
  { options }: Prediction,
  { answer }: Pick<Predicted, 'answer'>,
  values: Values,
): void {
  const said = content.say('messages', 'you-said', { answer: options[answer] ?? '' });
  for (const line of prose(screen, fillOpen(said, content.named(values)))) screen.line(line);
}

/** The answer with a mark and in words, and why it is so. */
export function drawOutcome(
  { screen, content }: Place,
  { options, right: at, because }: Prediction,
  { answer, right }: Predicted,
  values: Values,
): void {
  const said = content.say('messages', right ? 'you-said-right' : 'you-said-wrong', {
    answer: options[answer] ?? '',
    right: options[at] ?? '',
  });
  const text = fillOpen(inOneLine(content.language, said, because), content.named(values));
  const mark = right ? screen.paint('green', '✓') : screen.paint('yellow', '✗');
  for (const [row, line] of prose(screen, text, 2).entries())
    screen.line(row === 0 ? `${mark}${line.slice(1)}` : line);
}

/** The same below the verdicts of a step; nothing where nothing was asked or answered. */
export function drawAnswer(
  place: Place,
  prediction: Prediction | null | undefined,
  predicted: Predicted | null,
  values: Values,
): void {
  if (!prediction || !predicted) return;
  place.screen.line();
  drawOutcome(place, prediction, predicted, values);
}
