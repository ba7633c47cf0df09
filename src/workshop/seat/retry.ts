/** How long to wait before the next try: full jitter, so that a thousand seats do not come back at once. */
import { TIMES } from '../protocol.ts';

/** Milliseconds. `tries`: how many have failed in a row, from 1. */
export function pauseBefore(tries: number, random: () => number = Math.random): number {
  const most = Math.min(TIMES.retryMost, TIMES.retryFirst * 2 ** Math.min(tries - 1, 10));
  return random() * most;
}

/** Waits, or less: until `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
