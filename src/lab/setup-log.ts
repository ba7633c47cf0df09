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
