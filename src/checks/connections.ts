/** The article's three connections, each judged twice: by pg, and by psql where there is one. */
import type { Container } from '../engine/types.ts';
import { shellWord } from '../grammar.ts';
import type { CommandResult, Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { NO_WAY } from '../lab/service.ts';
import { met, notMet, type Verdict } from '../lab/verdict.ts';
import { isTrust, OUTSIDE_METHOD, RULE_OF_THIS_SESSION } from '../postgres/access-rules.ts';
import { databaseArgument } from '../postgres/database-argument.ts';
import { loginOf } from '../postgres/login.ts';
import { SYSTEM_ID } from '../postgres/server-mark.ts';
import { Trouble } from '../trouble.ts';
import { NOTHING, shortId, type Values } from '../values.ts';
import { insideLine, psqlLine } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { NOT_PUBLISHED, onPublished } from './on-published.ts';
import { answeredThrough } from './refused-in-log.ts';
import { LOGS_CONNECTIONS, ruleThatLetIn } from './which-rule.ts';
import { askedThrough, NOT_FROM_HERE } from './who-answered.ts';

/** psql could not connect: 2 is its exit code for exactly that. */
const NO_CONNECTION = 2;

/** The article's user, of a database that has none of its own. */
const ANYBODY = { user: 'postgres', database: 'postgres' };

/**
 * Case 1: over TCP to a port that leads nowhere, the connection is refused. `port` names the placeholder of the
 * port, `command` the key of the step's command. Says `port`, `cause` (`ECONNREFUSED`), `psql` (its exit code; `–`
 * without psql).
 * Finds `port-not-closed`, `psql-disagrees`.
 *
 *     checks: [refusedConnection('closed', 'case-1', 'refused')]
 */
export function refusedConnection(port: string, command: string, id: string): Check {
  return defineCheck({
    id,
    kind: 'refused-connection',
    tries: 'port',
    says: ['port', 'cause', 'psql'],
    finds: ['port-not-closed', 'psql-disagrees'],
    async judge(look) {
      const number = Number(look.values[port]);
      const evidence = `psql -X -w -U postgres -h ${shellWord(look.host)} -p ${number} -c 'select 1'`;
      const byPg = await look.query({ host: look.host, port: number, ...ANYBODY }, 'select 1');
      const values = { port: number, cause: byPg.ok ? '-' : byPg.cause };
      if (!byPg.ok && byPg.cause !== 'ECONNREFUSED' && NO_WAY.test(byPg.cause))
        throw new Trouble('port-silent', { host: look.host, port: number, cause: byPg.cause });
      if (byPg.ok || byPg.cause !== 'ECONNREFUSED') {
        return notMet('port-not-closed', { ...values, who: await listenerOn(look, number) }, evidence);
      }
      const args = ['-U', 'postgres', '-h', look.host, '-p', String(number), '-c', 'select 1'];
      return agreed(await psqlOf(look, command, args), /Connection refused/, values, evidence);
    },
  });
}

/**
 * Case 2: without a host psql looks for a socket file, and there is none on this machine. Says `port`, `cause`
 * (`ENOENT`), `psql` (its exit code; `–` without psql).
 * Finds `socket-found`, `psql-disagrees`, and what `NOT_PUBLISHED` names.
 *
 *     checks: [noSocket('mapped', 'case-2', 'no-socket')]
 */
export function noSocket(name: string, command: string, id: string): Check {
  return defineCheck({
    id,
    kind: 'no-socket',
    tries: 'socket',
    says: ['port', 'cause', 'psql'],
    finds: [...NOT_PUBLISHED, 'socket-found', 'psql-disagrees'],
    judge: onPublished(name, async (look, _container, port) => {
      const evidence = `psql -X -w -U postgres -p ${port} -c 'select 1'`;
      const byPsql = await psqlOf(look, command, ['-U', 'postgres', '-p', String(port), '-c', 'select 1']);
      const folder =
        /"(\/[^"\n]{0,200})\/\.s\.PGSQL\.\d+/.exec(byPsql?.output ?? '')?.[1] ?? '/var/run/postgresql';
      const byPg = await look.query({ host: folder, port, ...ANYBODY }, 'select 1');
      const values = { name, port, cause: byPg.ok ? '-' : byPg.cause };
      if (byPg.ok || byPg.cause !== 'ENOENT') return notMet('socket-found', { ...values, folder }, evidence);
      return agreed(byPsql, new RegExp(`\\.s\\.PGSQL\\.${port}\\b`), values, evidence);
    }),
  });
}

/** What is found of a way in that is not the published port. */
const OTHERWISE = {
  socket: 'connected-through-socket',
  loopback: 'connected-through-loopback',
  'own-address': 'connected-to-own-address',
  sibling: 'connected-from-sibling',
} as const;

type Otherwise = (typeof OTHERWISE)[keyof typeof OTHERWISE];

const NOT_CONNECTED = [
  ...NOT_PUBLISHED,
  ...NOT_FROM_HERE,
  ...Object.values(OTHERWISE),
  'trust-outside',
  'psql-disagrees',
] as const;

/**
 * Case 3: over TCP to the published port, with the password; and it was this container. Says `port`, `systemId`,
 * `psql` (its exit code; `–` without psql), and the `rule` on `line` of pg_hba.conf that let it in; `workedOut` is `no`
 * where the server's log names that line, else `yes`.
 * Finds what `NOT_CONNECTED` names.
 *
 *     checks: [connectedOverTcp('mapped', 'case-3', 'connected')]
 */
export function connectedOverTcp(name: string, command: string, id: string): Check {
  return defineCheck({
    id,
    kind: 'connected-over-tcp',
    tries: 'port',
    says: ['port', 'systemId', 'psql', 'line', 'rule', 'workedOut'],
    finds: NOT_CONNECTED,
    judge: onPublished(name, async (look, container, port) => {
      const evidence = psqlLine(look, container, port, SYSTEM_ID);
      const answer = await askedThrough(
        look,
        { name, container, port },
        `(${OUTSIDE_METHOD}), (${RULE_OF_THIS_SESSION}), ${LOGS_CONNECTIONS}, coalesce(host(inet_client_addr()), '')`,
      );
      if (answer.verdict) return answer.verdict;
      const { row, systemId, password } = answer;
      const [method = '', cell = '', logs = '', from = ''] = row;
      const values = { name, short: shortId(container.id), port, systemId };
      // Who comes in by the loopback, as through some engines' proxies, is asked nothing: there its rules tell.
      const isOpen = /^(127\.|::1$)/.test(from) ? isTrust(method) : await asksNobody(look, container, port);
      if (isOpen) return notMet('trust-outside', values, evidence);
      const otherwise = look.ran(command) ? null : await connectedOtherwise(look, container, values);
      if (otherwise) return otherwise;
      const { user, database } = loginOf(container.env);
      const where = ['-h', look.host, '-p', String(port), '-U', user, '-d', databaseArgument(database)];
      const given = password === null ? undefined : { password, trust: look.trust(container) };
      const byPsql = await psqlOf(look, command, [...where, '-c', 'select 1'], given);
      if (byPsql && byPsql.exitCode !== 0)
        return notMet('psql-disagrees', { ...values, exitCode: byPsql.exitCode }, evidence);
      const rule = await ruleThatLetIn(look, container, 'network', { cell, logs });
      return answeredThrough(
        look,
        container,
        password,
        { ...values, ...rule, psql: byPsql?.exitCode ?? NOTHING },
        evidence,
      );
    }),
  });
}

/** Whether one gets in through this port without any password: then a login with one proves nothing. */
async function asksNobody(look: Look, { env }: Container, port: number): Promise<boolean> {
  return (await look.query({ host: look.host, port, ...loginOf(env) }, 'select 1')).ok;
}

/**
 * The finding that a psql of the learner's is connected to this server by another way than the port. Null where
 * nobody is connected: what can be done need not be done just now.
 */
async function connectedOtherwise(
  look: Look,
  container: Container,
  values: Values,
): Promise<Verdict<Otherwise> | null> {
  const clients = (await look.clients(container)).filter(({ application }) => application === 'psql');
  const [client] = clients;
  if (!client || clients.some(({ way }) => way === 'port')) return null;
  const finding = OTHERWISE[client.way as keyof typeof OTHERWISE];
  const seen = 'select application_name, client_addr, client_port from pg_stat_activity';
  return notMet(finding, { ...values, from: client.from }, insideLine(container, seen));
}

/** How psql ended: what the learner has just seen, else asked anew; null without psql. */
async function psqlOf(
  look: Look,
  command: string,
  args: readonly string[],
  given?: Parameters<Look['runClient']>[1],
): Promise<CommandResult | null> {
  return look.ran(command) ?? (await look.runClient(args, given));
}

function agreed(
  byPsql: CommandResult | null,
  pattern: RegExp,
  values: Values,
  evidence: string,
): Verdict<'psql-disagrees'> {
  if (byPsql === null) return met({ ...values, psql: NOTHING }, evidence);
  const isAsToBe = byPsql.exitCode === NO_CONNECTION && pattern.test(byPsql.output);
  return isAsToBe
    ? met({ ...values, psql: byPsql.exitCode }, evidence)
    : notMet('psql-disagrees', { ...values, exitCode: byPsql.exitCode }, evidence);
}
