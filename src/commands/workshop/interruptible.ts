import { Cancelled } from '../../trouble.ts';
import { onInterrupt } from '../signals.ts';

/** Something long that the first Ctrl-C ends in order. */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = onInterrupt(() => {
    abort.abort();
    return false;
  });
  try {
    return await act(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? new Cancelled() : error;
  } finally {
    stop();
  }
}
