/**
 * Questions on a terminal. The only importer of enquirer, which reads the keys; what stands there is drawn on our
 * screen, with its width and its colours or none. Asks only on a terminal: its end of input would never settle.
 */
import { PassThrough, Writable } from 'node:stream';
import Enquirer from 'enquirer';
import { Cancelled } from '../trouble.ts';
import { visible } from '../visible.ts';
import { wrap } from '../wrap.ts';
import { lineTyped } from './ask-line.ts';
import type { Drawing } from './drawing.ts';
import { CTRL_Z, rawAfterStops, stopJob } from './stopped-job.ts';

type Place = Pick<Drawing, 'screen' | 'content'>;

/** What we use of a prompt of enquirer's. */
interface Prompt {
  run(): Promise<unknown>;
  submit(): Promise<void>;
  cancel(): Promise<void>;
}
type Select = Prompt & { index: number; render(): Promise<void> };

const { Select, Confirm, Invisible } = Enquirer as unknown as Record<
  'Select' | 'Confirm' | 'Invisible',
  new (
    options: object,
  ) => Prompt
>;

/** Before what is or was chosen: it says nothing of right and wrong. */
const CHOSEN = '❯';

/** Enquirer's own table has Esc as the key that cancels. */
const KEYS = {
  ...{ up: 'up', down: 'down', tab: 'down', enter: 'submit', return: 'submit' },
  ...{ number: 'number', escape: 'leaveOut' },
};

/** The index of the option chosen; null where the question was skipped, if it may be. */
export async function choose(
  place: Place,
  question: string,
  options: readonly string[],
  { mayBeSkipped = false }: { mayBeSkipped?: boolean } = {},
): Promise<number | null> {
  const { content } = place;
  const message = visible(question, { lines: true });
  const texts = options.map((option) => visible(option));
  const keys = content.say('messages', mayBeSkipped ? 'ask-keys-skip' : 'ask-keys', { count: texts.length });
  const chosen = place.screen.isLive
    ? await chosenByKeys(place, { message, texts, keys, mayBeSkipped })
    : await chosenByLine(place, { message, texts, mayBeSkipped });
  keepAnswer(
    place,
    message,
    chosen === null ? content.say('messages', 'ask-skipped') : (texts[chosen] ?? ''),
  );
  return chosen;
}

/** Enter and Esc are no. */
export async function confirm(place: Place, question: string): Promise<boolean> {
  const { screen, content } = place;
  const message = visible(question, { lines: true });
  const keys = content.say('messages', 'ask-yes-no');
  const isYes = screen.isLive
    ? (await byKeys(place, Confirm, {
        ...{ initial: false, actions: { keys: KEYS } },
        render: () => screen.live([...rows(screen, message, 'bold'), ...rows(screen, keys, 'dim')]),
        leaveOut(this: Prompt & { input: boolean }) {
          this.input = false;
          return this.submit();
        },
      })) === true
    : /^(y|是)/i.test(await lineTyped(screen, [message, keys]));
  keepAnswer(place, message, content.say('messages', isYes ? 'ask-yes' : 'ask-no'));
  return isYes;
}

/** Until Enter is pressed. */
export async function untilEnter(place: Place, prompt: string): Promise<void> {
  const { screen } = place;
  if (!screen.isLive) {
    await lineTyped(screen, [prompt]);
    return;
  }
  await byKeys(place, Invisible, {
    actions: { keys: KEYS },
    render: () => screen.live(rows(screen, prompt, 'dim')),
    leaveOut(this: Prompt) {
      return this.submit();
    },
  });
}

/** The question and its answer stay on the screen; where nothing is drawn over, the question stands there already. */
function keepAnswer({ screen }: Place, message: string, answer: string): void {
  screen.live([]);
  const question = screen.isLive ? rows(screen, message, 'bold') : [];
  for (const row of [...question, ...hanging(screen, `${CHOSEN} `, answer)]) screen.aside(row);
  screen.aside('');
}

interface Choice {
  message: string;
  texts: readonly string[];
  mayBeSkipped: boolean;
}

async function chosenByKeys(
  place: Place,
  { message, texts, keys, mayBeSkipped }: Choice & { keys: string },
): Promise<number | null> {
  const { screen } = place;
  let isSkipped = false;
  const draw = (index: number) => {
    const options = texts.flatMap((text, at) => {
      const isAt = at === index;
      const lines = hanging(screen, `${isAt ? CHOSEN : ' '} ${at + 1} `, text);
      return isAt ? lines.map((line) => screen.paint('cyan', line)) : lines;
    });
    screen.live([...rows(screen, message, 'bold'), ...options, ...rows(screen, keys, 'dim')]);
  };
  const answer = await byKeys(place, Select, {
    choices: texts.map((text, at) => ({ name: String(at), message: text })),
    limit: texts.length,
    actions: { keys: KEYS },
    render(this: Select) {
      draw(this.index);
    },
    number(this: Select, typed: string) {
      const at = Number(typed) - 1;
      if (at in texts) this.index = at;
      return this.render();
    },
    leaveOut(this: Select) {
      if (!mayBeSkipped) return this.cancel();
      isSkipped = true;
      return this.submit();
    },
  });
  return isSkipped ? null : Number(answer);
}

/** A terminal that moves no cursor: the options have numbers, and a line is typed. */
async function chosenByLine(
  { screen, content }: Place,
  { message, texts, mayBeSkipped }: Choice,
): Promise<number | null> {
  const options = texts.flatMap((text, at) => hanging(screen, `  ${at + 1} `, text));
  const key = mayBeSkipped ? 'ask-line-skip' : 'ask-line';
  let above = [...rows(screen, message, 'bold'), ...options];
  for (;;) {
    const typed = await lineTyped(screen, [...above, content.say('messages', key, { count: texts.length })]);
    if (typed === '' && mayBeSkipped) return null;
    const at = /^\d{1,3}$/.test(typed) ? Number(typed) - 1 : -1;
    if (at in texts) return at;
    above = [];
  }
}

function rows(screen: Place['screen'], text: string, style: 'bold' | 'dim'): string[] {
  return wrap(text, screen.columns - 1).map((line) => screen.paint(style, line));
}

/** Wrapped beside what stands before its first row. */
function hanging({ columns }: Place['screen'], before: string, text: string): string[] {
  const margin = ' '.repeat(before.length);
  return wrap(text, columns - 1 - before.length).map((line, at) => (at === 0 ? before : margin) + line);
}

async function byKeys(
  { screen }: Place,
  Kind: new (options: object) => Prompt,
  options: object,
): Promise<unknown> {
  const nowhere = new Writable({ write: (_, __, done) => done() });
  let prompt: Prompt | null = null;
  const keyboard = openKeyboard(() => void prompt?.cancel());
  try {
    prompt = new Kind({ name: 'answer', message: '', stdin: keyboard.keys, stdout: nowhere, ...options });
    return await prompt.run();
  } catch (error) {
    // A question that is cancelled rejects with an empty string.
    if (error === '' || error === undefined) throw new Cancelled();
    throw error;
  } finally {
    screen.live([]);
    keyboard.close();
  }
}

/**
 * The terminal's keys without Ctrl-C and Ctrl-D, which cancel, and Ctrl-Z, which stops us. Node's readline, under enquirer,
 * closes itself at the first two: at Ctrl-C enquirer then throws (from Node 24 on), at Ctrl-D its question is never
 * settled. After Ctrl-Z it reads no more keys.
 */
function openKeyboard(cancel: () => void): { keys: NodeJS.ReadableStream; close(): void } {
  const { stdin } = process;
  const setRawMode = (raw: boolean) => stdin.setRawMode(raw);
  const keys = Object.assign(new PassThrough(), { isTTY: true, isRaw: stdin.isRaw, setRawMode });
  const take = (typed: Buffer) => {
    if (typed.includes(0x03) || typed.includes(0x04)) cancel();
    else if (typed.includes(CTRL_Z)) stopJob(stdin);
    else keys.write(typed);
  };
  // A question before this one has paused it.
  stdin.on('data', take).on('end', cancel).resume();
  const endOfRaw = rawAfterStops(stdin);
  return {
    keys,
    close() {
      endOfRaw();
      stdin.off('data', take).off('end', cancel).pause();
    },
  };
}
