/**
 * Does `work` one at a time. A call while it is at work has it done once more afterwards, so that no trigger is lost.
 * A heartbeat calls `ifIdle`, which asks for no second time: on a busy machine there would always be one.
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
