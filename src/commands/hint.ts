import { nextStep, progressOf } from '../journal/standing.ts';
import type { Step } from '../lab/model.ts';
import { hintText, lastFinding } from '../report/hint-text.ts';
import { emptyResult } from '../report/result.ts';
import { hinted } from '../runner/hand/byhand.ts';
import { prose } from '../terminal/markdown.ts';
import { pinIfItAnswers } from './beginning.ts';
import { checkedStep, type Desk } from './desk.ts';
import { openRun } from './open-run.ts';
import { printed } from './printed.ts';
import { knownValues } from './show.ts';

/** The next of three hints for a step, of rising help; the last gives the command. */
export async function hint(desk: Desk, name: string | undefined): Promise<number> {
  const { steps, reading, content, screen, stem, settings } = desk;
  const current = nextStep(progressOf(steps, reading.standing))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  const open = await openRun(desk);
  try {
    const step = open.lab.steps.find((each) => each.id === id) as Step;
    const words = content.step(stem(id));
    const event = hinted(open.journal.standing, step);
    // The last hint is a command: what it makes counts.
    await pinIfItAnswers(desk, open);
    open.journal.append(event);
    const { level } = event;
    const of = words.hints.length;
    const values = {
      image: settings.image ?? open.lab.settings.image ?? '',
      ...knownValues(open.lab, open.journal.standing),
    };
    const finding = lastFinding(open.journal.standing, step);
    const text = hintText(content, words, { level, finding, values, service: open.lab.settings.service });
    const extra = { hint: { step: id, level, of, text } };
    return printed(desk, emptyResult(desk.folders.id, open.run), extra, () => {
      screen.line(screen.paint('bold', content.say('messages', 'hint-head', { level, of, step: id })));
      for (const line of prose(screen, text)) screen.line(line);
    });
  } finally {
    open.close();
  }
}
