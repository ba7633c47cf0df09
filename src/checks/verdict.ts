/** What every check ends with: a verdict and its evidence, in few words. */
import type { FindingKey, NoteKey } from '../content-keys.ts';
import type { Container } from '../engine/types.ts';
import { shellWord } from '../grammar.ts';
import type { Look } from '../lab/look.ts';
import type { Verdict } from '../lab/model.ts';
import type { OwnKey } from '../lab/own-key.ts';
import { hasBegunSetUp, hasEndedSetUp, hasSkippedSetUp } from '../postgres/setup-log.ts';

export function notMet(finding: FindingKey | OwnKey, values: Verdict['values'], evidence: string): Verdict {
  return { outcome: 'not-met', finding, values, evidence };
}

export function met(values: Verdict['values'], evidence: string, note?: NoteKey | OwnKey): Verdict {
  return { outcome: 'met', values, evidence, ...(note === undefined ? {} : { note }) };
}

export function short(container: Container): string {
  return container.id.slice(0, 12);
}

export function logsOf(container: Container): string {
  return `docker logs ${short(container)}`;
}

/** No network of its own: whatever listens inside listens on the engine's machine. */
export function onHostNetwork(container: Container, values: Verdict['values']): Verdict {
  const evidence = `docker inspect --format '{{.HostConfig.NetworkMode}}' ${short(container)}`;
  return notMet('on-host-network', values, evidence);
}

/** The user and database that this container was made with. */
export function login(container: Container): { user: string; database: string } {
  const user = container.env.POSTGRES_USER || 'postgres';
  return { user, database: container.env.POSTGRES_DB || user };
}

/** A psql line for the learner that asks the server inside the container. */
export function insideLine(container: Container, sql: string): string {
  const { user, database } = login(container);
  return `docker exec ${short(container)} psql -U ${shellWord(user)} -d ${shellWord(database)} -c "${sql}"`;
}

/** Bindings as `docker port` prints them. */
export function addressesOf(bindings: Container['bindings']): string {
  return bindings
    .map(({ hostIp, hostPort }) =>
      hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`,
    )
    .sort()
    .join(', ');
}

/** Where a container's Postgres answers on the host, or null where it is not published. */
export function publishedPort(container: Container, inside = 5432): number | null {
  return container.bindings.find(({ containerPort }) => containerPort === inside)?.hostPort ?? null;
}

/** The server's own mark, the same through every door; a read-only function of every major. */
export const SYSTEM_ID = 'select system_identifier from pg_control_system()';

/** Its data folder was there before: the image said so at its first start, and initialised nothing. */
export async function foundOldData(look: Look, container: Container): Promise<boolean> {
  return /Skipping initialization/.test(await look.engine.logs(container.id));
}

/** Whether it was started as the image starts a server: its entrypoint takes bare options for postgres's own. */
export function startsServer({ command }: Container): boolean {
  const [program = '', first = ''] = command;
  return command.includes('postgres') || (/docker-entrypoint\.sh$/.test(program) && first.startsWith('-'));
}

/** The image is at its first set-up: begun, by its own words or by what it was told to run, and not complete. */
export async function isInitialising(look: Look, container: Container): Promise<boolean> {
  const log = await look.engine.logs(container.id);
  if (hasEndedSetUp(log) || hasSkippedSetUp(log)) return false;
  return hasBegunSetUp(log) || startsServer(container);
}

/**
 * Why a server did not answer its own psql: it is not there yet, it asks even its own for a password,
 * or something else is wrong with it.
 */
export async function silentInside(
  look: Look,
  container: Container,
  values: Verdict['values'],
  cause: string,
  evidence = logsOf(container),
): Promise<Verdict> {
  const told = { ...values, short: short(container), cause, inside: 'scram' };
  if (cause === 'no-password' || cause === '28P01') return notMet('password-inside', told, evidence);
  const isEarly = await isInitialising(look, container);
  return notMet(
    isEarly ? 'still-initialising' : 'no-answer-inside',
    told,
    isEarly ? logsOf(container) : evidence,
  );
}

/** Who listens on a port of this machine, in words. */
export async function listenerOn(look: Look, port: number): Promise<string> {
  const [listener] = look.local ? await look.listeners(port) : [];
  return listener?.process ? `${listener.process} (${listener.pid})` : '?';
}
