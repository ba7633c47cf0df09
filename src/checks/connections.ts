/** The article's three connections, each judged twice: by pg, and by psql where there is one. */
import type { Container } from '../engine/types.ts';
import { type CommandResult, type Look, SERVER_MARK } from '../lab/look.ts';
import type { Check, Verdict } from '../lab/model.ts';
import { published } from './alive.ts';
import { OUTSIDE_METHOD, trustsOutside } from './inside.ts';
import { notAnswered, psqlLine, queryThrough } from './published.ts';
import { insideLine, listenerOn, login, met, notMet, SYSTEM_ID, short, silentInside } from './verdict.ts';

/** psql could not connect: 2 is its exit code for exactly that. */
const NO_CONNECTION = 2;

/** Case 1: over TCP to a port that leads nowhere, the connection is refused. */
export function refusedConnection(port: string, command: string, id: string): Check {
  return {
    id,
    kind: 'refused-connection',
    says: ['port', 'cause', 'psql'],
    async judge(look) {
      const number = Number(look.values[port]);
      const evidence = `psql -X -w -U postgres -h ${look.host} -p ${number} -c 'select 1'`;
      const byPg = await look.query(
        { host: look.host, port: number, user: 'postgres', database: 'postgres' },
        'select 1',
      );
      const values = { port: number, cause: byPg.ok ? '-' : byPg.cause };
      if (byPg.ok || byPg.cause !== 'ECONNREFUSED') {
        return notMet('port-not-closed', { ...values, who: await listenerOn(look, number) }, evidence);
      }
      const byPsql = await psqlOf(look, command, [
        '-U',
        'postgres',
        '-h',
        look.host,
        '-p',
        String(number),
        '-c',
        'select 1',
      ]);
      return agreed(byPsql, /Connection refused/, values, evidence);
    },
  };
}

/** Case 2: without a host psql looks for a socket file, and there is none on this machine. */
export function noSocket(name: string, command: string, id: string): Check {
  return {
    id,
    kind: 'no-socket',
    says: ['port', 'cause', 'psql'],
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { port } = found;
      const evidence = `psql -X -w -U postgres -p ${port} -c 'select 1'`;
      const byPsql = await psqlOf(look, command, ['-U', 'postgres', '-p', String(port), '-c', 'select 1']);
      const folder = /"?(\/[^"]*)\/\.s\.PGSQL\.\d+/.exec(byPsql?.output ?? '')?.[1] ?? '/var/run/postgresql';
      const byPg = await look.query(
        { host: folder, port, user: 'postgres', database: 'postgres' },
        'select 1',
      );
      const values = { name, port, cause: byPg.ok ? '-' : byPg.cause };
      if (byPg.ok || byPg.cause !== 'ENOENT') return notMet('socket-found', { ...values, folder }, evidence);
      return agreed(byPsql, new RegExp(`\\.s\\.PGSQL\\.${port}\\b`), values, evidence);
    },
  };
}

/** Case 3: over TCP to the published port, with the password; and it was this container. */
export function connectedOverTcp(name: string, command: string, id: string): Check {
  return {
    id,
    kind: 'connected-over-tcp',
    says: ['port', 'systemId', 'psql'],
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { container, port } = found;
      const evidence = psqlLine(look, container, port, SYSTEM_ID);
      const [{ answer: through, password }, inside] = await Promise.all([
        queryThrough(look, container, port, `select (${OUTSIDE_METHOD}), ${SERVER_MARK}`),
        look.serverMark(container),
      ]);
      if (!through.ok) return notAnswered(look, container, port, through.cause);
      if (!inside.ok) return silentInside(look, container, { name }, inside.cause, evidence);
      const [method = '', ...mark] = through.rows[0] ?? [];
      const [systemId = ''] = mark;
      const values = { name, short: short(container), port, systemId };
      if (inside.rows[0]?.join() !== mark.join()) {
        return notMet('another-server', { ...values, who: await listenerOn(look, port) }, evidence);
      }
      if (trustsOutside(method)) return notMet('trust-outside', values, evidence);
      const wrongWay = look.ran(command) ? null : await connectedOtherwise(look, container);
      if (wrongWay) return notMet(wrongWay.finding, { ...values, from: wrongWay.from }, wrongWay.evidence);
      const { user, database } = login(container);
      const byPsql = await psqlOf(
        look,
        command,
        ['-h', look.host, '-p', String(port), '-U', user, '-d', database, '-c', 'select 1'],
        password ?? undefined,
      );
      if (byPsql && byPsql.exitCode !== 0) {
        return notMet('psql-disagrees', { ...values, exitCode: byPsql.exitCode }, evidence);
      }
      return met({ ...values, psql: byPsql ? byPsql.exitCode : '–' }, evidence);
    },
  };
}

/** The majors of client and server, told apart: a warning of psql's is not enough to go by. */
export function majorsCompared(name: string, id = 'majors'): Check {
  return {
    id,
    kind: 'majors-compared',
    says: ['client', 'server'],
    async judge(look) {
      const found = await published(look, name);
      if ('verdict' in found) return found.verdict;
      const { container, port } = found;
      const { answer } = await queryThrough(look, container, port, 'show server_version');
      if (!answer.ok) return notAnswered(look, container, port, answer.cause);
      const server = answer.rows[0]?.[0]?.split(' ')[0] ?? '';
      const client = await look.psqlVersion();
      const evidence = `psql --version; ${psqlLine(look, container, port, 'show server_version')}`;
      if (client === null) return met({ client: '–', server }, evidence, 'no-psql');
      const older = Number.parseInt(client, 10) < Number.parseInt(server, 10);
      return met({ client, server }, evidence, older ? 'client-older' : undefined);
    },
  };
}

/**
 * A psql of the learner's is connected to this server, and not one came through the port: the finding
 * of the way it took. Nobody is connected: null, since what can be done need not be done just now.
 */
async function connectedOtherwise(look: Look, container: Container) {
  const clients = (await look.clients(container)).filter(({ application }) => application === 'psql');
  const [client] = clients;
  if (!client || clients.some(({ way }) => way === 'port')) return null;
  const findings = {
    socket: 'connected-through-socket',
    loopback: 'connected-through-loopback',
    'own-address': 'connected-to-own-address',
    sibling: 'connected-from-sibling',
  } as const;
  const finding = findings[client.way as Exclude<typeof client.way, 'port'>];
  const seen = 'select application_name, client_addr, client_port from pg_stat_activity';
  return { finding, from: client.from, evidence: insideLine(container, seen) };
}

/** How psql ended: what the learner has just seen, else asked anew; null without psql. */
async function psqlOf(
  look: Look,
  command: string,
  args: readonly string[],
  password?: string,
): Promise<CommandResult | null> {
  return look.ran(command) ?? (await look.psql(args, password));
}

function agreed(
  byPsql: CommandResult | null,
  pattern: RegExp,
  values: Verdict['values'],
  evidence: string,
): Verdict {
  if (byPsql === null) return met({ ...values, psql: '–' }, evidence);
  if (byPsql.exitCode !== NO_CONNECTION || !pattern.test(byPsql.output)) {
    return notMet('psql-disagrees', { ...values, exitCode: byPsql.exitCode }, evidence);
  }
  return met({ ...values, psql: byPsql.exitCode }, evidence);
}
