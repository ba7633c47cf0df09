/** Why a container ended: by its state, by how it was made, by what it said since it last was ready. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { errorBehind, lastWords, linesOfTheEnd } from '../postgres/last-words.ts';
import { misspeltPassword, passwordOf, SETTINGS } from '../postgres/login.ts';
import { failedScript, isUselessFile, wasCutOff } from '../postgres/setup-log.ts';
import type { Values } from '../values.ts';
import { logsOf } from './evidence.ts';
import { optionsBehindImage } from './options-behind-image.ts';

/** The words that one line of the log has, and what they say of the cause; the more telling first. */
const SAID = [
  ['file-is-folder', 'Is a directory'],
  ['file-is-folder', 'input in flex scanner failed'],
  ['config-unreadable', 'configuration file', 'Permission denied'],
  ['config-missing', 'configuration file', 'No such file or directory'],
  ['config-broken', 'syntax error in file "'],
  ['config-broken', 'configuration file "', 'contains errors'],
  ['access-rules-broken', 'FATAL:  could not load ', 'pg_hba.conf'],
  ['data-folder-not-empty', 'initdb: error: directory ', 'exists but is not empty'],
  ['root-read-only', ': Read-only file system'],
  ['locale-missing', 'invalid locale'],
  ['locale-missing', 'locale is incompatible with operating system'],
  ['another-architecture', 'exec format error'],
  ['shm-too-small', 'could not resize shared memory segment', 'No space left on device'],
  ['container-disk-full', 'No space left on device'],
  ['data-not-writable', 'chown: ', 'Operation not permitted'],
  ['data-not-writable', 'chmod: ', 'Operation not permitted'],
  ['data-not-writable', 'initdb: error: ', 'Operation not permitted'],
  ['data-not-writable', 'mkdir: ', 'Permission denied'],
  ['data-not-writable', 'find: ', 'Permission denied'],
  ['data-not-writable', 'initdb: error: ', 'Permission denied'],
  ['data-not-writable', 'data directory "', 'has wrong ownership'],
  ['data-not-writable', 'data directory "', 'has invalid permissions'],
  ['data-damaged', 'could not locate ', ' checkpoint record'],
  ['data-damaged', 'required WAL directory "'],
  ['data-damaged', 'could not find the database system'],
  ['data-damaged', 'FATAL:  could not open directory "pg_'],
  ['data-damaged', 'FATAL:  could not access status of transaction '],
  ['data-damaged', 'lock file "postmaster.pid" is empty'],
  ['data-damaged', 'FATAL:  bogus data in lock file "postmaster.pid"'],
  ['data-damaged', 'FATAL:  incorrect checksum in control file'],
  // What is no control file at all says so of a version that no server has.
  ['data-damaged', 'initialized with PG_CONTROL_VERSION 0, '],
  ['volume-of-another-major', 'database files are incompatible with server'],
] as const;

export const ENDED = [
  'container-out-of-memory',
  'options-behind-image',
  'container-wants-password',
  'password-empty',
  'password-misspelt',
  'password-file-useless',
  'wrong-volume-target',
  ...new Set(SAID.map(([finding]) => finding)),
  'init-script-failed',
  'set-up-cut-off',
  'container-stopped',
  'container-killed',
  'container-exited',
] as const;

type Ended = (typeof ENDED)[number];

/** The findings that say no more than that it ended: nothing is known of why. */
const BARE: ReadonlySet<Ended> = new Set(['container-stopped', 'container-killed', 'container-exited']);

/** SIGKILL, as an exit code. */
const KILLED = 137;
/** Exit codes of who was ended from outside: by SIGKILL, SIGINT, SIGTERM. */
const BY_FORCE: ReadonlySet<number> = new Set([KILLED, 130, 143]);

export async function whyEnded(look: Look, container: Container, values: Values): Promise<Verdict<Ended>> {
  const evidence = logsOf(container);
  if (container.oomKilled) return notMet('container-out-of-memory', values, evidence);
  const options = optionsBehindImage(container);
  if (options.length > 0) {
    return notMet('options-behind-image', { ...values, options: options.join(' ') }, evidence);
  }
  const log = await look.engine.logs(container.id);
  const lines = linesOfTheEnd(log);
  const told = { ...values, said: withoutPassword(container, lastWords(lines)) };
  const of18 = await whyRefusedBy18(look, container, told, log);
  if (of18) return of18;
  for (const [finding, ...words] of SAID) {
    const line = lines.findLast((each) => words.every((word) => each.includes(word)));
    if (line) {
      const said = lastWords([errorBehind(lines, line)]);
      return notMet(finding, { ...told, said: withoutPassword(container, said) }, evidence);
    }
  }
  const file = container.env[`${SETTINGS.password}_FILE`] ?? '';
  if (file !== '' && isUselessFile(log, file)) {
    return notMet('password-file-useless', { ...told, seen: file }, evidence);
  }
  if (/superuser password is not specified/.test(log)) {
    if (container.env[SETTINGS.password] === '') return notMet('password-empty', told, evidence);
    const seen = misspeltPassword(container.env);
    return seen === null
      ? notMet('container-wants-password', told, evidence)
      : notMet('password-misspelt', { ...told, seen }, evidence);
  }
  if (wasCutOff(log)) {
    const script = BY_FORCE.has(container.exitCode) ? null : failedScript(log);
    const said = withoutPassword(container, script?.said ?? told.said);
    if (script) return notMet('init-script-failed', { ...told, seen: script.file, said }, evidence);
    // initdb takes away what it had made: nothing is half made.
    const isUndone = lines.some((line) => line.startsWith('initdb: error: '));
    return notMet(isUndone ? 'container-exited' : 'set-up-cut-off', told, evidence);
  }
  if (container.exitCode === 0) return notMet('container-stopped', told, evidence);
  return notMet(container.exitCode === KILLED ? 'container-killed' : 'container-exited', told, evidence);
}

/** Why a container that ends again and again does so, where that is known; else what it said the last time. */
export async function whyRestarting(
  look: Look,
  container: Container,
  values: Values,
): Promise<Verdict<Ended | 'container-restarting'>> {
  const exitCode = container.exitCode || ((await look.engine.lastExit(container)) ?? 0);
  const why = await whyEnded(look, { ...container, exitCode }, { ...values, exitCode });
  const isKnown = why.finding !== undefined && !BARE.has(why.finding);
  return isKnown ? why : notMet('container-restarting', why.values, why.evidence);
}

/** From 18 on the image itself looks where its volume is mounted, and of which major the data is. */
async function whyRefusedBy18(look: Look, container: Container, values: Values, log: string) {
  if (!log.includes('in 18+, these Docker images are configured to')) return null;
  const image = (await look.engine.image(container.imageId)) ?? (await look.image());
  const target = image.volumeTargets[0] ?? 'TARGET';
  const missed = container.mounts.find((mount) => mount.target.startsWith(`${target}/`));
  const told = { ...values, target, volume: missed?.source ?? '?', seen: missed?.target ?? '?' };
  const isMount = log.includes('(unused mount/volume)');
  return notMet(isMount ? 'wrong-volume-target' : 'volume-of-another-major', told, logsOf(container));
}

function withoutPassword({ env }: Container, text: string): string {
  const password = passwordOf(env);
  return password === null ? text : text.replaceAll(password, '…');
}
