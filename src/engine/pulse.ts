/** Whether an engine answers: one question, which goes through all of it, asked again and again, each with a limit. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './types.ts';

/** Milliseconds. The engine starts programs for each answer, and thirty may share it. */
const ASKED_EVERY = 3_000;
/** Thirty first starts at once slow a machine down. */
const ANSWERED_WITHIN = 5_000;
const TOLD_EVERY = 1_000;
/** A connection that went dead without a word never answers: then it is asked on another one. */
const ASKED_ANEW_AFTER = 10_000;

/**
 * While the engine does not answer, `tell` is called each second with how many seconds ago it last did; with null once it
 * answers again. Ends with the signal.
 */
export function followPulse(
  engine: Pick<Engine, 'answers'>,
  signal: AbortSignal,
  tell: (seconds: number | null) => void,
): void {
  let heardAt = performance.now();
  let isSilent = false;
  // Counted and not measured: while this process itself stood still, nobody was waited for.
  let waited = 0;
  const told = setInterval(() => {
    waited += TOLD_EVERY;
    isSilent ||= waited >= ASKED_EVERY + ANSWERED_WITHIN;
    if (isSilent) tell(Math.round((performance.now() - heardAt) / 1000));
  }, TOLD_EVERY).unref();
  signal.addEventListener('abort', () => clearInterval(told), { once: true });
  const ask = async () => {
    while (!signal.aborted) {
      const hasAnswered = await engine.answers(
        AbortSignal.any([signal, AbortSignal.timeout(ASKED_ANEW_AFTER)]),
      );
      if (signal.aborted) return;
      if (hasAnswered) {
        heardAt = performance.now();
        waited = 0;
        if (isSilent) tell(null);
        isSilent = false;
      }
      await delay(ASKED_EVERY, null, { signal, ref: false }).catch(() => {});
    }
  };
  void ask();
}
