/** Checks of a published port: the engine's word, a listener, and who answers behind it. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Check, Verdict } from '../lab/model.ts';
import type { Answer } from '../postgres/types.ts';
import { alive, login, logsOf, met, notMet, published, SYSTEM_ID, short } from './alive.ts';

/** A port of the host leads to this port of the container: `port` names the placeholder it goes by. */
export function publishes(name: string, inside: number, port = 'port', id = 'published'): Check {
  return {
    id,
    kind: 'publishes',
    says: ['host', 'inside', 'bindings'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const wanted = Number(look.values[port]);
      const evidence = `docker port ${short(container)}`;
      const bindings = container.bindings.filter(({ containerPort }) => containerPort === inside);
      const values = { name, short: short(container), host: wanted, inside };
      if (bindings.some(({ hostPort }) => hostPort === wanted)) {
        return met({ ...values, bindings: bindingsText(bindings) }, evidence);
      }
      const elsewhere = container.bindings[0];
      if (bindings[0]) return notMet('other-host-port', { ...values, seen: bindings[0].hostPort }, evidence);
      if (elsewhere) {
        const seen = { seenHost: elsewhere.hostPort, seenInside: elsewhere.containerPort };
        return notMet('other-container-port', { ...values, ...seen }, evidence);
      }
      return notMet('port-not-published', values, evidence);
    },
  };
}

function bindingsText(bindings: Container['bindings']): string {
  return bindings
    .map(({ hostIp, hostPort }) =>
      hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`,
    )
    .sort()
    .join(', ');
}

/** Somebody accepts connections on the published port; who, as far as this machine tells. */
export function listenedOn(name: string, id = 'listener'): Check {
  return {
    id,
    kind: 'listened-on',
    says: ['port', 'who'],
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { port } = found;
      const evidence = `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
      const error = await look.connect(port);
      if (error !== null) return notMet('nobody-listens', { name, port, error }, evidence);
      const [listener] = look.local ? await look.listeners(port) : [];
      const who = listener?.process ?? String(look.values['engine.name']);
      return met({ port, who }, evidence);
    },
  };
}

/**
 * Postgres answers through the published port, and it is the one in this container: its system
 * identifier is the same through the port and inside.
 */
export function answers(name: string, id = 'answers'): Check {
  return {
    id,
    kind: 'answers',
    says: ['port', 'version', 'major', 'systemId'],
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { container, port } = found;
      const [through, inside] = await Promise.all([
        askThrough(look, container, port),
        look.systemId(container),
      ]);
      if ('outcome' in through) return through;
      const { answer } = through;
      const [version = '', major = '', systemId = ''] = answer.rows[0] ?? [];
      const values = { name, short: short(container), port, version, major, systemId };
      const evidence = psqlLine(look, container, port, 'select system_identifier from pg_control_system()');
      if (!inside.ok)
        return notMet('no-answer-inside', { ...values, cause: inside.cause }, logsOf(container));
      const insideId = inside.rows[0]?.[0] ?? '';
      return insideId === systemId
        ? met(values, evidence)
        : notMet('another-server', { ...values, insideId }, evidence);
    },
  };
}

type Through = { answer: Extract<Answer, { ok: true }> };

/** The version, major and system identifier as told through the port, or the verdict why not. */
async function askThrough(look: Look, container: Container, port: number): Promise<Through | Verdict> {
  const answer = await look.query(
    targetOf(look, container, port),
    `select split_part(current_setting('server_version'), ' ', 1), current_setting('server_version_num')::int / 10000, (${SYSTEM_ID})`,
  );
  if (answer.ok) return { answer };
  return notAnswered(look, container, port, answer.cause);
}

/** Why a query through a published port came to nothing. */
export function notAnswered(look: Look, container: Container, port: number, cause: string): Verdict {
  const finding =
    {
      ECONNREFUSED: 'nobody-listens',
      '28P01': 'wrong-password',
      '28000': 'wrong-user',
      '3D000': 'missing-database',
      'no-password': 'password-not-given',
      '57P03': 'still-initialising',
      ECONNRESET: 'port-open-not-ready',
      closed: 'port-open-not-ready',
    }[cause] ?? 'no-answer';
  const values = {
    name: container.name,
    short: short(container),
    port,
    cause,
    error: cause,
    ...login(container),
  };
  return notMet(finding, values, psqlLine(look, container, port, 'select 1'));
}

export function targetOf(look: Look, container: Container, port: number) {
  const password = container.env.POSTGRES_PASSWORD;
  return { host: look.host, port, ...login(container), ...(password ? { password } : {}) };
}

/** The learner's own psql line; the password is read from the container where it is pasted. */
export function psqlLine(look: Look, container: Container, port: number, sql: string): string {
  const { user, database } = login(container);
  const password = `PGPASSWORD=$(docker exec ${short(container)} printenv POSTGRES_PASSWORD)`;
  return `${password} psql -h ${look.host} -p ${port} -U ${user} -d ${database} -c "${sql}"`;
}
