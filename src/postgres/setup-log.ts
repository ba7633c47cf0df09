/** What the log of a Postgres container says of its first set-up. Source: initdb, and the image's entrypoint. */

/**
 * A server takes connections. On a first start it is said twice: by the temporary server of the set-up,
 * which has no TCP, and then by process 1.
 */
const READY = 'database system is ready to accept connections';

export const READY_LINE = new RegExp(READY);

/** By the temporary server of a set-up. */
export const READY_FOR_SET_UP = new RegExp(`\\[(?!1\\])\\d+\\] LOG: {2}${READY}`);

/** By process 1, the server that stays. */
export const READY_FOR_ALL = new RegExp(`\\[1\\] LOG: {2}${READY}`);

/** Who said that a server is ready, in order: process ids, and where in the log. */
export function readySaid(log: string): { pid: string; at: number }[] {
  const said = log.matchAll(new RegExp(`^.*\\[(\\d+)\\] LOG: {2}${READY}`, 'gm'));
  return [...said].map((match) => ({ pid: match[1] as string, at: match.index }));
}

export function hasBegunSetUp(log: string): boolean {
  return /files belonging to this database system/.test(log);
}

export function hasEndedSetUp(log: string): boolean {
  return setUpEndedAt(log) >= 0;
}

/** Where in the log the set-up says that it is complete; -1 where it does not. */
export function setUpEndedAt(log: string): number {
  return log.indexOf('init process complete');
}

/** It found data, and set nothing up. */
export function hasSkippedSetUp(log: string): boolean {
  return /Skipping initialization/.test(log);
}

/** It was ended in the middle: it would not do that again, and never come up. */
export function wasCutOff(log: string): boolean {
  // The server itself, process 1, was ready: whatever the image says of its set-up, it has done enough.
  const hasServed = readySaid(log).some(({ pid }) => pid === '1');
  return hasBegunSetUp(log) && !hasEndedSetUp(log) && !hasServed;
}

/** Whether a container's command starts a server: the image's entrypoint takes bare options for postgres's own. */
export function startsServer(command: readonly string[]): boolean {
  const [program = '', first = ''] = command;
  return command.includes('postgres') || (/docker-entrypoint\.sh$/.test(program) && first.startsWith('-'));
}
