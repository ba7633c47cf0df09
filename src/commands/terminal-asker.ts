/** Questions of a run as a terminal asks them, and the keys that somebody presses while they work by hand. */
import type { Asker } from '../asker.ts';
import { fillOpen } from '../lab/content.ts';
import { joinedLines } from '../lab/joined-lines.ts';
import { Cancelled } from '../trouble.ts';
import { shortId } from '../values.ts';
import type { Desk } from './desk.ts';

/** For a run that nobody watches: each question counts as not answered. */
const NOBODY: Asker = {
  predict: async () => null,
  which: async () => null,
  isTheirs: async () => null,
  goOn: async () => {},
  requests: null,
};

/** Loads what asks only where somebody can answer. */
export async function terminalAsker(desk: Desk, signal: AbortSignal): Promise<Asker> {
  if (!desk.settings.interactive) return NOBODY;
  const { content, screen } = desk;
  const [{ choose, confirm, untilEnter }, { openKeys }] = await Promise.all([
    import('../terminal/ask.ts'),
    import('../terminal/keys.ts'),
  ]);
  const requests = openKeys();
  /** Asks while the keys for hint, show and the like are off. */
  const asked = async <T>(ask: () => Promise<T>) => {
    const wasOn = requests.stop();
    screen.live([]);
    const answer = await orCancelled(ask(), signal);
    if (wasOn) requests.start();
    return answer;
  };
  const skippable = (question: string, options: readonly string[]) =>
    choose(desk, question, options, { mayBeSkipped: true });
  return {
    requests,
    async which(name, containers) {
      const options = containers.map(({ id, name: own, imageRef }) => `${own}  ${shortId(id)}  ${imageRef}`);
      return asked(() => skippable(content.say('messages', 'ask-which', { name }), options));
    },
    async isTheirs(name, { id, name: container }) {
      const values = { name, container, short: shortId(id) };
      return asked(() => confirm(desk, content.say('messages', 'ask-theirs', values)));
    },
    goOn: () => asked(() => untilEnter(desk, content.say('messages', 'go-on-enter'))),
    predict: (step, values) =>
      predicted(desk, step, values, (...of) => orCancelled(skippable(...of), signal)),
  };
}

/** Asks what a step's prediction asks, with its words filled; null where it has none, or it was skipped. */
export async function predicted(
  { content, stem }: Desk,
  step: string,
  values: Parameters<Asker['predict']>[1],
  choose: (question: string, options: readonly string[]) => Promise<number | null>,
): ReturnType<Asker['predict']> {
  const { prediction } = content.step(stem(step));
  if (!prediction) return null;
  const filling = await values();
  const fill = (text: string) => joinedLines(fillOpen(text, filling));
  const answer = await choose(fill(prediction.question), prediction.options.map(fill));
  return answer === null ? null : { answer, right: answer === prediction.right };
}

/** A question that nobody will answer any more (TERM, HUP) is given up. */
export function orCancelled<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Cancelled());
    signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
  });
  return Promise.race([answer, cancelled]);
}
