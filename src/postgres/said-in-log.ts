/** What a server's log says of those who came to it, and of where it listens. */

const LISTENING = 'listening on IPv';

/** Longer names than the server takes are cut by it. */
const REFUSED = /FATAL: {2}(role|database) "([^"]{1,63})" does not exist/;

/** The TCP port on which the server of the last start listens; null: it has not said. */
export function listeningPort(log: string): number | null {
  const at = log.lastIndexOf(LISTENING);
  if (at < 0) return null;
  const port = /^listening on IPv[46] address "[^"]{1,60}", port (\d{1,5})/.exec(
    log.slice(at, at + 120),
  )?.[1];
  return port === undefined ? null : Number(port);
}

/** Who was refused last for a name that the server does not know; null: nobody. */
export function unknownName(log: string): { kind: 'role' | 'database'; name: string } | null {
  const line = log.split('\n').findLast((each) => REFUSED.test(each)) ?? '';
  const [, kind, name] = REFUSED.exec(line) ?? [];
  return name === undefined ? null : { kind: kind as 'role' | 'database', name };
}
