import { fillOpen } from '../lab/content.ts';
import { emptyResult } from '../report/result.ts';
import { nextStep, progressOf } from '../runner/progress.ts';
import { prose } from '../terminal/markdown.ts';
import { checkedStep, type Desk } from './desk.ts';
import { printed } from './printed.ts';
import { openRun } from './stage.ts';

/** The next of three hints for a step, of rising help; the last gives the command. */
export async function hint(desk: Desk, name: string | undefined): Promise<number> {
  const { steps, reading, content, screen, stem } = desk;
  const current = nextStep(progressOf(steps, reading.events))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  const open = await openRun(desk);
  try {
    const { hints } = content.step(stem(id));
    const given = open.journal.events.filter((event) => event.type === 'hinted' && event.step === id).length;
    const level = Math.min(given, hints.length - 1);
    open.journal.append({ type: 'hinted', step: id, level: level + 1 });
    const values = { image: open.lab.settings.image ?? '', ...open.lab.settings.ports };
    const text = fillOpen(hints[level] ?? '', values);
    const extra = { hint: { step: id, level: level + 1, of: hints.length, text } };
    return printed(desk, emptyResult(desk.folders.id, open.run), extra, () => {
      screen.line(
        screen.paint(
          'bold',
          content.say('messages', 'hint-head', { level: level + 1, of: hints.length, step: id }),
        ),
      );
      for (const line of prose(screen, text)) screen.line(line);
    });
  } finally {
    open.close();
  }
}
