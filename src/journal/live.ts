import type { LabEvent } from './events.ts';

export type Emit = (event: LabEvent) => void;

/**
 * Runs work that calls `emit` when it likes, and yields what it emits as it comes; returns what the
 * work returns. The bridge between callbacks and the stream of events.
 */
export async function* live<T>(work: (emit: Emit) => Promise<T>): AsyncGenerator<LabEvent, T> {
  const queue: LabEvent[] = [];
  let wake = () => {};
  let done = false;
  const outcome = work((event) => {
    queue.push(event);
    wake();
  }).finally(() => {
    done = true;
    wake();
  });
  // A failure is reported by the await below, once what came before it has been shown.
  outcome.catch(() => {});
  while (!done || queue.length > 0) {
    const event = queue.shift();
    if (event) yield event;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (done || queue.length > 0) resolve();
      });
    }
  }
  return await outcome;
}
