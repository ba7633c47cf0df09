import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab, Step } from '../lab/model.ts';
import { hintText, lastFinding } from '../report/hint-text.ts';
import { emptyResult } from '../report/result.ts';
import { hinted } from '../runner/hand/byhand.ts';
import { prose } from '../terminal/markdown.ts';
import { pinIfItAnswers } from './beginning.ts';
import { checkedStep, type Desk } from './desk.ts';
import { sayIfNew } from './new-run.ts';
import { openRun } from './open-run.ts';
import { printed } from './printed.ts';
import { knownValues } from './show.ts';
import { sayUnderWay, type UnderWay, underWay } from './under-way.ts';

/** The next of three hints for a step, of rising help; the last gives the command. */
export async function hint(desk: Desk, name: string | undefined): Promise<number> {
  const { steps, reading, run } = desk;
  const beside = underWay(desk);
  const current =
    beside?.step ?? nextStep(progressOf(steps, reading.standing))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  // Who watches writes the journal: here is what it would tell next.
  if (beside) {
    const lab = await loadLab(desk.folders);
    desk.content.know(lab);
    const { level, text } = hintIn(desk, lab, reading.standing, id);
    return told(desk, run as string, { id, level, text, beside });
  }
  sayIfNew(desk, { begins: true });
  const open = await openRun(desk);
  try {
    // The last hint is a command: what it makes counts.
    await pinIfItAnswers(desk, open);
    const { level, text } = hintIn(desk, open.lab, open.journal.standing, id);
    open.journal.append({ type: 'hinted', step: id, level });
    return told(desk, open.run, { id, level, text, beside });
  } finally {
    open.close();
  }
}

function hintIn(desk: Desk, lab: Lab, standing: Standing, id: string): { level: number; text: string } {
  const { content, stem, settings } = desk;
  const step = lab.steps.find((each) => each.id === id) as Step;
  const { level } = hinted(standing, step);
  const values = {
    step: id,
    image: settings.image ?? lab.settings.image ?? '',
    ...knownValues(lab, standing),
  };
  const finding = lastFinding(standing, step);
  const { service } = lab.settings;
  return { level, text: hintText(content, content.step(stem(id)), { level, finding, values, service }) };
}

function told(
  desk: Desk,
  run: string,
  { id, level, text, beside }: { id: string; level: number; text: string; beside: UnderWay | null },
): number {
  const { content, screen, stem } = desk;
  const of = content.step(stem(id)).hints.length;
  const extra = { hint: { step: id, level, of, text } };
  return printed(desk, emptyResult(desk.folders.id, run), extra, () => {
    sayUnderWay(desk, beside);
    screen.line(screen.paint('bold', content.say('messages', 'hint-head', { level, of, step: id })));
    for (const line of prose(screen, text)) screen.line(line);
    if (beside?.byHand) screen.line(screen.paint('dim', content.say('messages', 'hint-beside')));
  });
}
