/** Not a check: what several start from. A container that runs, or the verdict that says why not. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Verdict } from '../lab/model.ts';

export type Alive = { container: Container } | { verdict: Verdict };

export async function alive(look: Look, name: string): Promise<Alive> {
  const container = await look.container(name);
  if (container?.status === 'running') return { container };
  return { verdict: await notRunning(look, name, container) };
}

/** The container whatever its state, or the verdict that there is none. */
export async function existing(look: Look, name: string): Promise<Alive> {
  const container = await look.container(name);
  return container ? { container } : { verdict: await notRunning(look, name, container) };
}

async function notRunning(look: Look, name: string, container: Container | null): Promise<Verdict> {
  if (!container) {
    return notMet('no-container', { name }, 'docker container ps --all');
  }
  const values = { name, short: short(container), exitCode: container.exitCode, error: container.error };
  const evidence = `docker container ps --all --filter id=${short(container)}`;
  switch (container.status) {
    case 'created':
      return notMet('container-created', values, evidence);
    case 'paused':
      return notMet('container-paused', values, evidence);
    case 'restarting':
      return notMet('container-restarting', values, logsOf(container));
    default:
      return exited(look, container, values);
  }
}

async function exited(look: Look, container: Container, values: Verdict['values']): Promise<Verdict> {
  if (container.oomKilled) return notMet('container-out-of-memory', values, logsOf(container));
  const log = await look.engine.logs(container.id);
  if (/superuser password is not specified/.test(log)) {
    return notMet('container-wants-password', values, logsOf(container));
  }
  if (/in 18\+, these Docker images are configured to/.test(log)) {
    return notMet('wrong-volume-target', values, logsOf(container));
  }
  if (/database files are incompatible with server/.test(log)) {
    return notMet('volume-of-another-major', values, logsOf(container));
  }
  if (container.exitCode === 137) return notMet('container-killed', values, logsOf(container));
  return notMet('container-exited', values, logsOf(container));
}

export function notMet(finding: string, values: Verdict['values'], evidence: string): Verdict {
  return { outcome: 'not-met', finding, values, evidence };
}

export function met(values: Verdict['values'], evidence: string, note?: string): Verdict {
  return { outcome: 'met', values, evidence, ...(note === undefined ? {} : { note }) };
}

export function short(container: Container): string {
  return container.id.slice(0, 12);
}

export function logsOf(container: Container): string {
  return `docker logs ${short(container)}`;
}

/** The user and database that this container was made with. */
export function login(container: Container): { user: string; database: string } {
  const user = container.env.POSTGRES_USER || 'postgres';
  return { user, database: container.env.POSTGRES_DB || user };
}

/** A psql line for the learner that asks the server inside the container. */
export function insideLine(container: Container, sql: string): string {
  const { user, database } = login(container);
  return `docker exec ${short(container)} psql -U ${user} -d ${database} -c "${sql}"`;
}

/** A container that runs and the port of the host that leads to its Postgres, or why not. */
export async function published(
  look: Look,
  name: string,
): Promise<{ container: Container; port: number } | { verdict: Verdict }> {
  const found = await alive(look, name);
  if ('verdict' in found) return found;
  const { container } = found;
  const port = publishedPort(container);
  if (port !== null) return { container, port };
  const values = { name, short: short(container), inside: 5432 };
  return { verdict: notMet('port-not-published', values, `docker port ${short(container)}`) };
}

/** Where a container's Postgres answers on the host, or null where it is not published. */
export function publishedPort(container: Container, inside = 5432): number | null {
  return container.bindings.find(({ containerPort }) => containerPort === inside)?.hostPort ?? null;
}

/** The server's own mark, the same through every door; a read-only function of every major. */
export const SYSTEM_ID = 'select system_identifier from pg_control_system()';
