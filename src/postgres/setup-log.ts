/** What the log of a Postgres container says of its first set-up. Source: initdb, and the image's entrypoint. */

import { lastWords } from './last-words.ts';

/**
 * A server takes connections. On a first start it is said twice: by the temporary server of the set-up, which
 * has no TCP, and then by the server that stays.
 */
const READY = 'database system is ready to accept connections';

/** What a server says first, from 12 on, and where it says that it will not say more here. */
const STARTING = 'LOG:  starting PostgreSQL ';
const LOGS_ELSEWHERE = 'LOG:  redirecting log output to ';

/** The image's own words, on stdout. */
const COMPLETE = 'init process complete';
const SKIPPED = 'Skipping initialization';

export const READY_LINE = new RegExp(READY);

/** By the temporary server of a set-up: dozens of processes have come and gone before it. */
export const READY_FOR_SET_UP = new RegExp(`\\[\\d{2,}\\] LOG: {2}${READY}`);

const LAST_OF_THE_FIRST = 9;

/** By the server that stays: process 1, or under an init (`docker run --init`) one of the first. */
export const READY_FOR_ALL = new RegExp(`\\[\\d\\] LOG: {2}${READY}`);

/** Who said that a server is ready: process ids, and where in the log. */
export function readySaid(log: string): { pid: string; at: number }[] {
  const said = log.matchAll(new RegExp(`^.*\\[(\\d+)\\] LOG: {2}${READY}`, 'gm'));
  return [...said].map((match) => ({ pid: match[1] as string, at: match.index }));
}

export function hasBegunSetUp(log: string): boolean {
  return /files belonging to this database system/.test(log);
}

/**
 * "Ready" was said by two servers: the set-up's, then the one that stays, whose process is older since it was the
 * set-up's own. The order of the lines tells little: what the set-up starts writes to stdout, the one that stays to
 * stderr, and an engine that was busy reads either of them first.
 */
export function wasReadyTwice(log: string): { first: string; second: string } | null {
  const said = readySaid(log).map(({ pid }) => Number(pid));
  const [first, second] = [Math.max(...said), Math.min(...said)];
  const stays = said.at(-1) === second || second <= LAST_OF_THE_FIRST;
  return hasEndedSetUp(log) && stays && second < first
    ? { first: String(first), second: String(second) }
    : null;
}

/** The server that stays took Ctrl-C for a fast shutdown; each set-up ends its own server so, too. */
export function wasShutDownFast(log: string): boolean {
  const stays = Math.min(...readySaid(log).map(({ pid }) => Number(pid)));
  const asked = log.matchAll(/\[(\d{1,10})\] LOG: {2}received fast shutdown request/g);
  return [...asked].some(([, pid]) => Number(pid) === stays);
}

export function hasEndedSetUp(log: string): boolean {
  return log.includes(COMPLETE);
}

/** At one of its starts it found data, and set nothing up: its own data too, when it is started again. */
export function hasSkippedSetUp(log: string): boolean {
  return log.includes(SKIPPED);
}

/** At its first start it found data: another had made it. */
export function foundDataFirst(log: string): boolean {
  const skipped = log.indexOf(SKIPPED);
  return skipped >= 0 && !hasBegunSetUp(log.slice(0, skipped));
}

/**
 * A server has begun and not said yet that it is ready, or of the two of a first start only the temporary one has. One
 * that writes its log elsewhere never says it there.
 */
export function isServerStarting(log: string): boolean {
  const begun = log.lastIndexOf(STARTING);
  const said = readySaid(log);
  const isSaid = said.some(({ at }) => at > begun);
  if (begun >= 0 && !isSaid) return !log.includes(LOGS_ELSEWHERE, begun);
  return said.length === 1 && hasEndedSetUp(log) && READY_FOR_SET_UP.test(log);
}

/** It was ended in the middle: it would not do that again, and never come up. */
export function wasCutOff(log: string): boolean {
  // The server that stays was ready: whatever the image says of its set-up, it has done enough.
  const hasServed = READY_FOR_ALL.test(log);
  return hasBegunSetUp(log) && !hasEndedSetUp(log) && !hasServed;
}

const RUNS_SCRIPT = /: running (\/docker-entrypoint-initdb\.d\/\S{1,200})$/;

/** The script of the set-up that was run last, and what was said of it: an image ends with the first that fails. */
export function failedScript(log: string): { file: string; said: string } | null {
  const lines = log.split('\n');
  const file = lines.map((line) => RUNS_SCRIPT.exec(line)?.[1]).findLast(Boolean);
  if (file === undefined) return null;
  // A shell's own complaint may come before the line that names the script.
  const about = lines.findLast((line) => line.includes(file) && !RUNS_SCRIPT.test(line));
  return { file, said: lastWords(about === undefined ? lines : [about]) };
}

/** The password was to come from this file, which the image could not read or which was empty. */
export function isUselessFile(log: string, file: string): boolean {
  const isSaid = (line: string) =>
    line.includes(`: ${file}: `) && line.includes('docker-entrypoint.sh: line');
  return log.split('\n').some(isSaid) || log.includes('superuser password is not specified');
}

/** Ended in the middle of its set-up and started again: it took the half of a database for one. */
export function isBrokenSetUp(log: string): boolean {
  return hasBegunSetUp(log) && !hasEndedSetUp(log) && hasSkippedSetUp(log);
}

/** Whether a container's command starts a server: the image's entrypoint takes bare options for postgres's own. */
export function startsServer(command: readonly string[]): boolean {
  const [program = '', first = ''] = command;
  return command.includes('postgres') || (/docker-entrypoint\.sh$/.test(program) && first.startsWith('-'));
}
