/** What a container said at its end: of its last start, and what tells of that the most. */

/** From here on nothing of an earlier start is left: what was mended since is no cause. */
const READY = 'database system is ready to accept connections';

/** More is not looked at: lines, and characters of each. */
const LINES = 400;
const LINE_LENGTH = 2_000;

/** Longer lines, such as those with a whole statement, are cut. */
const LENGTH = 200;

/** Of the server, of initdb, of the image's script or the kernel; a hint or a statement after it tells less. */
const TELLING = [
  /\b(FATAL|PANIC): /,
  /\berror: /i,
  /\bERROR: /,
  /^initdb: /,
  /^postgres: /,
  /: exec format error/,
  /execution of the PostgreSQL server is not permitted/,
  /\bcould not fork /,
];

/** The log's lines since a server was last ready; all of them where none was. */
export function linesOfTheEnd(log: string): string[] {
  const ready = log.lastIndexOf(READY);
  const lines = log.slice(ready < 0 ? 0 : ready + READY.length).split('\n');
  return lines.slice(-LINES).map((line) => line.slice(0, LINE_LENGTH));
}

const BROKEN_FILE =
  /FATAL: {2}(configuration file "[^"]{1,400}" contains errors|could not load [^\n]{0,400}pg_hba\.conf)/;
/** The error and its context, which names the line. */
const LINES_OF_ERROR = 3;

/** Of a file with errors one of the lines before this one says which: that one, else the line itself. */
export function errorBehind(lines: readonly string[], line: string): string {
  const at = lines.lastIndexOf(line);
  const before = lines.slice(Math.max(0, at - LINES_OF_ERROR), at);
  return (BROKEN_FILE.test(line) && before.findLast((each) => each.includes('LOG:  '))) || line;
}

/** The last line that tells why it ended, else the last one; without time and process. Empty: it said nothing. */
export function lastWords(lines: readonly string[]): string {
  const telling = TELLING.map((pattern) => lines.findLast((line) => pattern.test(line))).find(Boolean);
  const line = (telling ?? lines.findLast((each) => each.trim() !== '') ?? '').trim();
  const plain = line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] /, '');
  return plain.length > LENGTH ? `${plain.slice(0, LENGTH)}…` : plain;
}
