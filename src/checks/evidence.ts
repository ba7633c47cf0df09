/** Shell lines that show a learner what a check has seen. Each works when pasted. */
import type { Container } from '../engine/types.ts';
import { inDoubleQuotes, shellWord } from '../grammar.ts';
import type { Look } from '../lab/look.ts';
import { databaseArgument } from '../postgres/database-argument.ts';
import { CLIENT_PASSWORD, passwordLine as lineForPassword, loginOf, passwordOf } from '../postgres/login.ts';
import { shortId } from '../values.ts';

type Identified = Pick<Container, 'id'>;

export function logsOf({ id }: Identified): string {
  return `docker logs ${shortId(id)}`;
}

/** `docker inspect` with a Go template, such as `{{json .Mounts}}`. */
export function inspected({ id }: Identified, template: string): string {
  return `docker inspect --format '${template}' ${shortId(id)}`;
}

/**
 * Whether a container's output was attached when it was started. Podman inspects none as attached, and its events go on
 * until they are ended.
 */
export function attachmentOf({ id, created, attachable }: Container, template: string): string {
  if (attachable !== null) return inspected({ id }, template);
  const since = shellWord(created);
  return `(docker events --since ${since} --filter container=${shortId(id)} & sleep 1; kill $!)`;
}

export function portsOf({ id }: Identified): string {
  return `docker port ${shortId(id)}`;
}

/** Who listens on a port of the engine's machine; of another one it is only told whether anybody does. */
export function listenersOn({ local, host }: Pick<Look, 'local' | 'host'>, port: number): string {
  return local ? `lsof -nP -iTCP:${port} -sTCP:LISTEN` : `nc -vz ${shellWord(host)} ${port}`;
}

/** psql inside the container. */
export function insideLine(container: Container, sql: string): string {
  return `docker exec ${shortId(container.id)} ${askLine([], container, sql)}`;
}

/** Prints the password that a container was given, by its environment or by a file that this names. */
export function passwordLine({ id, env }: Pick<Container, 'id' | 'env'>): string {
  return lineForPassword(shortId(id), env);
}

/** The learner's own psql, through a published port; the password is read from the container where it is pasted. */
export function psqlLine(look: Look, container: Container, port: number, sql: string): string {
  const isInContainer = passwordOf(container.env) !== null || !look.learnersPassword;
  const password = isInContainer ? `${CLIENT_PASSWORD}="$(${passwordLine(container)})" ` : '';
  return password + askLine(['-h', look.host, '-p', String(port)], container, sql);
}

function askLine(options: readonly string[], { env }: Container, sql: string): string {
  const { user, database } = loginOf(env);
  const words = ['psql', ...options, '-U', user, '-d', databaseArgument(database), '-c'];
  return `${words.map(shellWord).join(' ')} "${inDoubleQuotes(sql)}"`;
}
