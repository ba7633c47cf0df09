/**
 * Asked again while it works, it works once more after that: no trigger is lost. What comes regularly asks
 * only `ifIdle`: on a busy machine an answer takes longer than a beat, and there would always be another.
 */
export function oneAtATime(work: () => Promise<void>, stop: AbortSignal) {
  let current: Promise<void> | null = null;
  let again = false;
  const start = () => {
    if (current) {
      again = true;
      return;
    }
    current = (async () => {
      do {
        again = false;
        await work();
      } while (again && !stop.aborted);
      current = null;
    })();
  };
  const ifIdle = () => {
    if (!current) start();
  };
  return Object.assign(start, { ifIdle, settled: async () => current ?? undefined });
}
