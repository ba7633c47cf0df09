/** What the log of a Postgres container says of its first set-up. Source: initdb, and the image's entrypoint. */

export function hasBegunSetUp(log: string): boolean {
  return /files belonging to this database system/.test(log);
}

export function hasEndedSetUp(log: string): boolean {
  return /init process complete/.test(log);
}

/** It found data, and set nothing up. */
export function hasSkippedSetUp(log: string): boolean {
  return /Skipping initialization/.test(log);
}

/** It was ended in the middle: it would not do that again, and never come up. */
export function wasCutOff(log: string): boolean {
  // The server itself, process 1, was ready: whatever the image says of its set-up, it has done enough.
  const hasServed = /\[1\] LOG: {2}database system is ready to accept/.test(log);
  return hasBegunSetUp(log) && !hasEndedSetUp(log) && !hasServed;
}
