/** The only importer of enquirer. Asks only on a terminal: its end of input would never settle. */
import enquirer from 'enquirer';
import { Cancelled } from '../trouble.ts';

/** The index of the option chosen. */
export async function choose(question: string, options: readonly string[]): Promise<number> {
  const answer = await asked<{ answer: string }>({
    type: 'select',
    name: 'answer',
    message: question,
    choices: [...options],
  });
  return options.indexOf(answer.answer);
}

export async function confirm(question: string): Promise<boolean> {
  return (
    await asked<{ answer: boolean }>({ type: 'confirm', name: 'answer', message: question, initial: false })
  ).answer;
}

async function asked<T>(prompt: object): Promise<T> {
  try {
    return await enquirer.prompt<T>({ ...prompt, stdout: process.stderr } as never);
  } catch (error) {
    // Ctrl-C rejects with an empty string.
    if (error === '' || error === undefined) throw new Cancelled();
    throw error;
  }
}
