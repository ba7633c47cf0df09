/** Checks of a published port: the engine's word, a listener, and who answers behind it. */
import type { FindingKey } from '../content-keys.ts';
import type { Container } from '../engine/types.ts';
import { shellWord } from '../grammar.ts';
import { type Look, SERVER_MARK } from '../lab/look.ts';
import type { Check, Verdict } from '../lab/model.ts';
import type { Answer } from '../postgres/session.ts';
import { published } from './alive.ts';
import {
  addressesOf,
  foundOldData,
  isInitialising,
  listenerOn,
  login,
  logsOf,
  met,
  notMet,
  short,
  silentInside,
} from './verdict.ts';

/** A port of the host leads to this port of the container: `port` names the placeholder it goes by. */
export function publishes(name: string, inside: number, port = 'port', id = 'published'): Check {
  return {
    id,
    kind: 'publishes',
    says: ['host', 'inside', 'bindings'],
    about: { inside },
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const wanted = Number(look.values[port]);
      const evidence = `docker port ${short(container)}`;
      const bindings = container.bindings.filter(({ containerPort }) => containerPort === inside);
      const values = { name, short: short(container), host: wanted, inside };
      const there = bindings.filter(({ hostPort, hostIp }) => hostPort === wanted && !hostIp.includes(':'));
      const told = { ...values, bindings: addressesOf(bindings) };
      if (there.some(({ hostIp }) => hostIp === '0.0.0.0')) return met(told, evidence);
      const [only] = there;
      if (only) {
        const finding = only.hostIp === '127.0.0.1' ? 'only-loopback' : 'only-one-address';
        return notMet(finding, { ...values, seen: only.hostIp }, evidence);
      }
      const seen = bindings[0]?.hostPort ?? 0;
      // Where the port asked for is somebody else's, any other is right.
      if (await isTaken(look, wanted))
        return met({ ...told, wanted, seen }, evidence, 'another-port-will-do');
      return notMet('other-host-port', { ...values, seen }, evidence);
    },
  };
}

async function isTaken(look: Look, port: number): Promise<boolean> {
  return (await look.connect(port)) === null;
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
      if (error !== null) return notAnswered(look, found.container, port, error);
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
        look.serverMark(container),
      ]);
      if ('outcome' in through) return through;
      const { answer } = through;
      const [version = '', major = '', ...mark] = answer.rows[0] ?? [];
      const [systemId = ''] = mark;
      const values = { name, short: short(container), port, version, major, systemId };
      const evidence = psqlLine(look, container, port, 'select system_identifier from pg_control_system()');
      if (!inside.ok) return silentInside(look, container, values, inside.cause);
      return inside.rows[0]?.join() === mark.join()
        ? met(values, evidence)
        : notMet('another-server', { ...values, who: await listenerOn(look, port) }, evidence);
    },
  };
}

type Through = { answer: Extract<Answer, { ok: true }> };

/** The version, major and system identifier as told through the port, or the verdict why not. */
async function askThrough(look: Look, container: Container, port: number): Promise<Through | Verdict> {
  const { answer } = await queryThrough(
    look,
    container,
    port,
    `select split_part(current_setting('server_version'), ' ', 1), current_setting('server_version_num')::int / 10000, ${SERVER_MARK}`,
  );
  if (answer.ok) return { answer };
  return notAnswered(look, container, port, answer.cause);
}

/** Why a query through a published port came to nothing. */
export async function notAnswered(
  look: Look,
  container: Container,
  port: number,
  cause: string,
): Promise<Verdict> {
  const values = {
    name: container.name,
    short: short(container),
    port,
    cause,
    error: cause,
    ...login(container),
  };
  const evidence = psqlLine(look, container, port, 'select 1');
  switch (cause) {
    case 'ECONNREFUSED': {
      const bindings = container.bindings.filter(({ hostPort }) => hostPort === port);
      const isHere = bindings.some(({ hostIp }) => hostIp === '0.0.0.0' || hostIp === look.host);
      const seen = bindings[0]?.hostIp ?? '';
      const finding = isHere ? 'nobody-listens' : 'only-one-address';
      return notMet(
        finding,
        { ...values, seen, host: port, inside: 5432 },
        `docker port ${short(container)}`,
      );
    }
    case 'closed':
    case 'ECONNRESET':
    case '57P03':
      return notMet(await whyNotReady(look, container), values, logsOf(container));
    case '28P01':
    case '28000':
    case '3D000':
    case 'no-password': {
      const finding = await whyRefused(look, container, cause);
      const who = finding === 'another-server' ? await listenerOn(look, port) : '';
      // They are part of lines to be pasted.
      const words = { user: shellWord(values.user), database: shellWord(values.database) };
      return notMet(finding, { ...values, ...words, who }, evidence);
    }
    default:
      return notMet('no-answer', values, evidence);
  }
}

/** The port is open, and whoever knocks is sent away before they could say who they are. */
async function whyNotReady(look: Look, container: Container): Promise<FindingKey> {
  if (await isInitialising(look, container)) return 'still-initialising';
  const inside = await look.inside(container, 'show listen_addresses');
  const isDeaf = inside.ok && !/\*|0\.0\.0\.0/.test(inside.rows[0]?.[0] ?? '');
  return isDeaf ? 'listens-inside-only' : 'port-open-not-ready';
}

/**
 * A server let nobody in as this user. What it says outside is kept vague on purpose; inside, where
 * everybody is trusted, it says which of user, database and password is wrong.
 */
async function whyRefused(look: Look, container: Container, cause: string): Promise<FindingKey> {
  const inside = await look.inside(container, 'select 1');
  if (!inside.ok && inside.cause === '28000') return 'wrong-user';
  if (!inside.ok && inside.cause === '3D000') return 'missing-database';
  const ownPassword = container.env.POSTGRES_PASSWORD;
  // What the container itself takes, and the port does not, was not refused by the container.
  if (ownPassword && (await look.atOwnAddress(container, 'select 1')).ok) return 'another-server';
  if (cause === 'no-password') return 'password-not-given';
  return ownPassword && (await foundOldData(look, container)) ? 'old-password-counts' : 'wrong-password';
}

export function targetOf(
  look: Look,
  container: Container,
  port: number,
  password = givenPassword(look, container),
) {
  return { host: look.host, port, ...login(container), ...(password ? { password } : {}) };
}

function givenPassword(look: Look, container: Container): string | null {
  return container.env.POSTGRES_PASSWORD || look.learnersPassword;
}

/**
 * A query through the published port, with the container's password, and where that is refused with
 * the learner's own: a volume may remember another one than its container was given.
 */
export async function queryThrough(
  look: Look,
  container: Container,
  port: number,
  sql: string,
): Promise<{ answer: Answer; password: string | null }> {
  const given = givenPassword(look, container);
  const answer = await look.query(targetOf(look, container, port, given), sql);
  const isRefused = !answer.ok && answer.cause === '28P01';
  const own = look.learnersPassword;
  if (!isRefused || own === null || own === given) return { answer, password: given };
  return { answer: await look.query(targetOf(look, container, port, own), sql), password: own };
}

/** The learner's own psql line; the password is read from the container where it is pasted. */
export function psqlLine(look: Look, container: Container, port: number, sql: string): string {
  const { user, database } = login(container);
  const isInContainer = container.env.POSTGRES_PASSWORD || !look.learnersPassword;
  const password = isInContainer
    ? `PGPASSWORD=$(docker exec ${short(container)} printenv POSTGRES_PASSWORD) `
    : '';
  return `${password}psql -h ${look.host} -p ${port} -U ${shellWord(user)} -d ${shellWord(database)} -c "${sql}"`;
}
