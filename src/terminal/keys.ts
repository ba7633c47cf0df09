/** Single keys from a terminal, as requests of a learner who works by hand. */
import type { Request, Requests } from '../asker.ts';

const KEYS: Readonly<Record<string, Request>> = {
  h: 'hint',
  s: 'show',
  r: 'run',
  n: 'anew',
  q: 'leave',
  '\r': 'typed',
  '\n': 'typed',
  '\u0004': 'leave',
};
const CTRL_C = '\u0003';

/** Starts nothing yet: `start` takes the keyboard, `stop` gives it back. */
export function openKeys(): Requests {
  const waiting: Request[] = [];
  let wake = () => {};
  const take = (text: Buffer) => {
    for (const key of text.toString()) {
      // In raw mode the terminal sends no signal for it.
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      const request = KEYS[key.toLowerCase()];
      if (request) waiting.push(request);
    }
    wake();
  };
  let started = false;
  return {
    async next() {
      for (;;) {
        const request = waiting.shift();
        if (request) return request;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    start() {
      if (started) return;
      started = true;
      process.stdin.setRawMode(true).resume().on('data', take);
    },
    stop() {
      if (!started) return false;
      started = false;
      process.stdin.off('data', take).setRawMode(false).pause();
      return true;
    },
  };
}
