/** A line that somebody types, where the terminal moves no cursor and each key is shown as it is typed. */
import { Cancelled } from '../trouble.ts';
import { wrap } from '../wrap.ts';
import type { Screen } from './screen.ts';

/** The line that was typed below these, without what stands around it; at the end of the input it is cancelled. */
export async function lineTyped(screen: Screen, above: readonly string[]): Promise<string> {
  for (const text of above) for (const line of wrap(text, screen.columns - 1)) screen.aside(line);
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let text = '';
    const close = () => stdin.off('data', take).off('end', end).pause();
    const end = () => {
      close();
      reject(new Cancelled());
    };
    const take = (typed: Buffer) => {
      text += typed.toString();
      if (!/[\r\n]/.test(text)) return;
      close();
      resolve(text.trim());
    };
    stdin.on('data', take).on('end', end).resume();
  });
}
