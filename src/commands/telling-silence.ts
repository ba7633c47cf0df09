/** Tells within the stream of a watch that the engine does not answer: the watch itself waits for it meanwhile. */
import { followPulse } from '../engine/pulse.ts';
import type { LabEvent } from '../journal/events.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { Cancelled } from '../trouble.ts';

/** Yields what the watch yields, in step with it. It does not wait for the end of a watch whose engine is silent. */
export async function* tellingSilence(
  { engine, signal }: Pick<RunContext, 'engine' | 'signal'>,
  watch: AsyncGenerator<LabEvent>,
): AsyncGenerator<LabEvent> {
  const stop = new AbortController();
  const silence = new Silence();
  followPulse(engine, stop.signal, (seconds) => silence.take(seconds));
  signal.addEventListener('abort', () => silence.wake(), { once: true, signal: stop.signal });
  try {
    let coming = watch.next();
    for (;;) {
      const come = await Promise.race([coming, silence.news()]);
      if (come?.done) return;
      if (come) {
        yield come.value;
        coming = watch.next();
      } else if (signal.aborted && silence.isOn) throw new Cancelled();
      else yield* silence.told();
    }
  } finally {
    const ended = watch.return(undefined);
    try {
      await Promise.race([ended, silence.begun()]);
    } finally {
      stop.abort();
      ended.catch(() => {});
    }
  }
}

class Silence {
  isOn = false;
  wake = () => {};
  #begins = () => {};
  #told: LabEvent[] = [];

  take(seconds: number | null): void {
    this.isOn = seconds !== null;
    if (this.isOn) this.#begins();
    this.#told = [{ type: 'engine-silent', seconds }];
    this.wake();
  }

  /** Resolves when there is something to tell. */
  news(): Promise<null> {
    return new Promise((resolve) => {
      this.wake = () => resolve(null);
      if (this.#told.length > 0) this.wake();
    });
  }

  /** Resolves once the engine is silent. */
  begun(): Promise<void> {
    return new Promise((resolve) => {
      this.#begins = resolve;
      if (this.isOn) resolve();
    });
  }

  told(): LabEvent[] {
    return this.#told.splice(0);
  }
}
