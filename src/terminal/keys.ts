/** Single keys from a terminal, as requests of a learner who works by hand. */
import type { Request, Requests } from '../asker.ts';
import { CTRL_Z, rawAfterStops, stopJob } from './stopped-job.ts';

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

/** What arrows, function keys and Alt send: their letters are nobody's word. */
const ESCAPES = /\u001b(?:\[[0-?]{0,16}[ -/]{0,4}[@-~]|O.|.)?/gsu;
const PRINTABLE = /^[^\p{Cc}]$/u;

/** Who types a word types its letters faster than this, one after the other. */
const WITHIN_A_WORD_MS = 600;

/**
 * Tells keys from a line that was meant for another window: pasted, or typed letter by letter. Of such a line no letter
 * is a key, and its Enter is nobody's word; at its end it is `strayed`.
 *
 *     const read = keyReader();
 *     read('h', 0);                    // ['hint']
 *     read('docker ps\r', 2_000);      // ['strayed']
 */
export function keyReader(): (text: string, at: number) => Request[] {
  /** A line is under way that is none of ours: until its Enter, or the next key after a pause. */
  let stray: { pasted: boolean; at: number } | null = null;
  return (text, at) => {
    const keys = [...text.replace(ESCAPES, '')];
    const isWord = keys.some((key) => PRINTABLE.test(key) && !isKey(key));
    if (keys.length > 1 && isWord) {
      stray = isEnter(keys.at(-1)) ? null : { pasted: true, at };
      return ['strayed'];
    }
    return keys.flatMap((key) => {
      const before = stray;
      const isOfWord = before !== null && !before.pasted && at - before.at < WITHIN_A_WORD_MS;
      const isItsEnd = isEnter(key) && (before?.pasted || isOfWord);
      const isLetter = (isOfWord && key !== CTRL_C) || (PRINTABLE.test(key) && !isKey(key));
      stray = isLetter && !isItsEnd ? { pasted: false, at } : null;
      // That it was pasted here was said at once.
      if (isItsEnd) return before?.pasted ? [] : ['strayed'];
      return stray === null ? (KEYS[key.toLowerCase()] ?? []) : [];
    });
  };
}

function isKey(key: string): boolean {
  return Object.hasOwn(KEYS, key.toLowerCase());
}

function isEnter(key: string | undefined): boolean {
  return key === '\r' || key === '\n';
}

/** Starts nothing yet: `start` takes the keyboard, `stop` gives it back. */
export function openKeys(): Requests {
  const waiting: Request[] = [];
  let wake = () => {};
  const read = keyReader();
  const take = (bytes: Buffer) => {
    const text = bytes.toString();
    // In raw mode the terminal sends no signal for it.
    if (text.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
    else if (text.includes(CTRL_Z)) return stopJob(process.stdin);
    waiting.push(...read(text, performance.now()));
    wake();
  };
  let started = false;
  let endOfRaw = () => {};
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
      endOfRaw = rawAfterStops(process.stdin);
    },
    stop() {
      if (!started) return false;
      started = false;
      endOfRaw();
      process.stdin.off('data', take).setRawMode(false).pause();
      return true;
    },
  };
}
