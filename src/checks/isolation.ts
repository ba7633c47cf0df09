/** What only shows while one of two databases goes down: watched, then judged from what was seen. */
import { publishedPort } from '../engine/bindings.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import type { Session } from '../lab/service.ts';
import { met, notMet, unknown, type Verdict } from '../lab/verdict.ts';
import { SERVER_PORT } from '../postgres/login.ts';
import { SERVER_MARK } from '../postgres/server-mark.ts';
import { shortId, type Values } from '../values.ts';
import { inspected, logsOf } from './evidence.ts';
import { onRunning, onStarted } from './on-running.ts';
import { targetOf } from './through-port.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/** Between two queries: by hand the watch may last for minutes, and must not take a whole core. */
const PAUSE_MS = 5;

/** After the blow the watch goes on this long, so that a late consequence would be seen. */
const AFTERMATH_MS = 300;
/** A killed server breaks its connections at once, unless the machine is busy with thirty others. */
const SEEN_WITHIN_MS = 30_000;

/** SIGKILL, as an exit code. */
const KILLED = 137;

/** SQLSTATE of a query that was cancelled, by a person or by a timeout: the connection outlives it. */
const QUERY_CANCELED = '57014';

/**
 * A client of this container keeps querying while the step's command runs, and not one query is lost. Named in that
 * command's `during`; never watched, it is `unknown`. Says `name`, and `asked`: how many.
 * Finds `never-watched`, `queries-lost`.
 *
 *     checks: [keepsAnswering('mapped')]
 */
export function keepsAnswering(name: string, id = 'not-one-lost'): Check {
  return defineCheck({
    id,
    kind: 'keeps-answering',
    says: ['name', 'asked'],
    finds: ['never-watched', 'queries-lost'],
    async watch(look) {
      const session = await openClient(look, name);
      return session && askUntilStopped(session);
    },
    async judge(look) {
      const seen = look.watched(id);
      if (!seen) return neverWatched(name);
      const values: Values = { name, ...seen };
      const evidence = 'docker container ps';
      return Number(seen.asked) > 0 && seen.lost === 0
        ? met(values, evidence)
        : notMet('queries-lost', values, evidence);
    },
  });
}

/** Asks without end until the returned function is called, which tells how many were asked and lost. */
function askUntilStopped(session: Session): () => Promise<Values> {
  let asking = true;
  const seen = { asked: 0, lost: 0, cause: '-' };
  const loop = (async () => {
    while (asking) {
      const answer = await session.ask('select 1');
      seen.asked += 1;
      if (answer.ok) {
        await passed(PAUSE_MS);
        continue;
      }
      seen.lost += 1;
      seen.cause = answer.cause;
      return;
    }
  })();
  return async () => {
    await passed(AFTERMATH_MS);
    asking = false;
    await eitherWithin(loop, SEEN_WITHIN_MS);
    // What is not answered by now is lost, as by a server that was paused.
    await session.end();
    await loop;
    return seen;
  };
}

/** Until the work is done or the time is over. */
async function eitherWithin(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * A client in the middle of a query of this container sees it break, while the step's command runs. Named in that
 * command's `during`; never watched, it is `unknown`. Says `name`, and `cause`: a SQLSTATE or a word such as
 * `closed`.
 * Finds `never-watched`, `client-saw-nothing`.
 *
 *     checks: [clientSeesTheEnd('other')]
 */
export function clientSeesTheEnd(name: string, id = 'client-saw-it'): Check {
  return defineCheck({
    id,
    kind: 'client-sees-the-end',
    says: ['name', 'cause'],
    finds: ['never-watched', 'client-saw-nothing'],
    async watch(look) {
      const session = await openClient(look, name);
      if (!session) return null;
      const pending = session.ask('select pg_sleep(86400)');
      return async () => {
        const answer = await Promise.race([pending, passed(SEEN_WITHIN_MS).then(() => null)]);
        await session.end();
        if (answer === null || answer.ok) return { cause: '-', broke: 0 };
        return { cause: answer.cause, broke: answer.cause === QUERY_CANCELED ? 0 : 1 };
      };
    },
    async judge(look) {
      const seen = look.watched(id);
      if (!seen) return neverWatched(name, (await wasKilledOnce(look, name)) ? { past: 'yes' } : {});
      const values: Values = { name, ...seen };
      const evidence = `docker logs ${look.values[`${name}.short`] ?? name}`;
      return seen.broke === 1 ? met(values, evidence) : notMet('client-saw-nothing', values, evidence);
    },
  });
}

/** `past`: it has happened, and will not by itself be seen any more. */
function neverWatched(name: string, told: { past?: 'yes' } = {}): Verdict<'never-watched'> {
  return unknown('never-watched', { name, ...told }, 'pglab next');
}

async function wasKilledOnce(look: Look, name: string): Promise<boolean> {
  const container = await look.container(name);
  if (container === null) return false;
  const exitCode =
    container.status === 'running' ? await look.engine.lastExit(container) : container.exitCode;
  return exitCode === KILLED;
}

/**
 * The container was killed, not stopped: the engine says exit code 137, which is SIGKILL. Started again, and its end
 * no longer among the engine's last 256 events, it is `never-watched` (unknown). Says `short`, `exitCode`.
 * Finds `never-watched`, `still-running`, `ended-otherwise`, and what `NOT_RUNNING` names.
 *
 *     checks: [wasKilled('other')]
 */
export function wasKilled(name: string, id = 'killed'): Check {
  return defineCheck({
    id,
    kind: 'was-killed',
    says: ['short', 'exitCode'],
    finds: [...NOT_RUNNING, 'never-watched', 'still-running', 'ended-otherwise'],
    judge: onStarted(name, async (look, container) => {
      const short = shortId(container.id);
      const values = { name, short, exitCode: container.exitCode };
      const evidence = inspected(container, '{{.State.ExitCode}}');
      if (container.status !== 'running') {
        return container.exitCode === KILLED
          ? met(values, evidence)
          : notMet('ended-otherwise', values, evidence);
      }
      // Started again, only the engine's memory has its exit code; a recovery tells of some violent end.
      const exitCode = await look.engine.lastExit(container);
      if (exitCode === KILLED) return met({ ...values, exitCode }, logsOf(container));
      return exitCode === null && (await hasRecovered(look, container))
        ? unknown('never-watched', values, evidence)
        : notMet('still-running', values, evidence);
    }),
  });
}

/**
 * The container's log tells of a recovery: the server found that it had not been shut down. Says `short`.
 * Finds `no-recovery`, and what `NOT_RUNNING` names.
 *
 *     checks: [recovered('other')]
 */
export function recovered(name: string, id = 'recovered'): Check {
  return defineCheck({
    id,
    kind: 'recovered',
    says: ['short'],
    finds: [...NOT_RUNNING, 'no-recovery'],
    judge: onRunning(name, async (look, container) => {
      const values = { name, short: shortId(container.id) };
      return (await hasRecovered(look, container))
        ? met(values, logsOf(container))
        : notMet('no-recovery', values, logsOf(container));
    }),
  });
}

const RECOVERS = /database system was not properly shut down; automatic recovery in progress/;

async function hasRecovered(look: Look, { id, startedAt }: Container): Promise<boolean> {
  // It is said first of all after a start, which may lie in the middle of a long log.
  return (
    RECOVERS.test(await look.engine.logs(id)) ||
    RECOVERS.test(await look.engine.logs(id, { only: 'head', since: startedAt }))
  );
}

async function openClient(look: Look, name: string): Promise<Session | null> {
  const container = await look.container(name);
  const port = container && publishedPort(container, SERVER_PORT);
  if (!container || !port) return null;
  // Who is not there, or lets nobody in, cannot be watched.
  const session = await look.session(targetOf(look, container, port)).catch(() => null);
  if (session === null || (await isOf(look, container, session))) return session;
  await session.end();
  return null;
}

/** What another server on the same port goes through tells nothing of this container. */
async function isOf(look: Look, container: Container, session: Session): Promise<boolean> {
  const [through, inside] = await Promise.all([
    session.ask(`select ${SERVER_MARK}`),
    look.serverMark(container),
  ]);
  return through.ok && inside.ok && through.rows[0]?.join() === inside.rows[0]?.join();
}
