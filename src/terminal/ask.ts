/** The only importer of enquirer. Asks only on a terminal: its end of input would never settle. */
import { PassThrough } from 'node:stream';
import Enquirer from 'enquirer';
import { Cancelled } from '../trouble.ts';
import { visible } from '../visible.ts';

/** The index of the option chosen. */
export async function choose(question: string, options: readonly string[]): Promise<number> {
  const answer = await asked<{ answer: string }>({
    type: 'select',
    name: 'answer',
    message: visible(question, { lines: true }),
    choices: options.map((option, at) => ({ name: String(at), message: visible(option) })),
  });
  return Number(answer.answer);
}

export async function confirm(question: string): Promise<boolean> {
  return (
    await asked<{ answer: boolean }>({ type: 'confirm', name: 'answer', message: question, initial: false })
  ).answer;
}

/** Until Enter is pressed. */
export async function untilEnter(prompt: string): Promise<void> {
  await asked({ type: 'invisible', name: 'enter', message: prompt });
}

async function asked<T extends object>(question: object): Promise<T> {
  const enquirer = new Enquirer<T>();
  let cancel = () => {};
  enquirer.once('prompt', (prompt: { cancel(): Promise<void> }) => {
    cancel = () => void prompt.cancel();
  });
  const keyboard = openKeyboard(() => cancel());
  try {
    return await enquirer.prompt({ ...question, stdin: keyboard.keys, stdout: process.stderr } as never);
  } catch (error) {
    // A question that is cancelled rejects with an empty string.
    if (error === '' || error === undefined) throw new Cancelled();
    throw error;
  } finally {
    keyboard.close();
  }
}

/**
 * The terminal's keys without Ctrl-C and Ctrl-D, which cancel. Node's readline, under enquirer, closes itself at
 * both: at the first enquirer then throws (from Node 24 on), at the second its question is never settled.
 */
function openKeyboard(cancel: () => void): { keys: NodeJS.ReadableStream; close(): void } {
  const { stdin } = process;
  const setRawMode = (raw: boolean) => stdin.setRawMode(raw);
  const keys = Object.assign(new PassThrough(), { isTTY: true, isRaw: stdin.isRaw, setRawMode });
  const take = (typed: Buffer) => {
    if (typed.includes(0x03) || typed.includes(0x04)) cancel();
    else keys.write(typed);
  };
  // A question before this one has paused it.
  stdin.on('data', take).on('end', cancel).resume();
  return {
    keys,
    close() {
      stdin.off('data', take).off('end', cancel).pause();
    },
  };
}
