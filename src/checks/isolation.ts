/** What only shows while one of two databases goes down: watched, then judged from what was seen. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Check } from '../lab/model.ts';
import type { Session } from '../postgres/session.ts';
import type { Values } from '../values.ts';
import { alive, existing } from './alive.ts';
import { targetOf } from './published.ts';
import { logsOf, met, notMet, publishedPort, short } from './verdict.ts';

/** Between two queries: by hand the watch may last for minutes, and must not take a whole core. */
const PAUSE_MS = 5;

/** After the blow the watch goes on this long, so that a late consequence would be seen. */
const AFTERMATH_MS = 300;
/** A killed server breaks its connections at once, unless the machine is busy with thirty others. */
const SEEN_WITHIN_MS = 30_000;

/** A client of this container keeps querying, and not one query is lost. */
export function keepsAnswering(name: string, id = 'not-one-lost'): Check {
  return {
    id,
    kind: 'keeps-answering',
    says: ['name', 'asked'],
    async watch(look) {
      const client = await openClient(look, name);
      if (!client) return null;
      let asking = true;
      const seen = { asked: 0, lost: 0, cause: '-' };
      const loop = (async () => {
        while (asking) {
          const answer = await client.session.ask('select 1');
          seen.asked += 1;
          if (answer.ok) {
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
            continue;
          }
          seen.lost += 1;
          seen.cause = answer.cause;
          return;
        }
      })();
      return async () => {
        await new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
        asking = false;
        await loop;
        await client.session.end();
        return seen;
      };
    },
    async judge(look) {
      const seen = look.watched(id);
      if (!seen)
        return { outcome: 'unknown', values: { name }, finding: 'never-watched', evidence: 'pglab next' };
      const values: Values = { name, ...seen };
      const evidence = 'docker container ps';
      return Number(seen.asked) > 0 && seen.lost === 0
        ? met(values, evidence)
        : notMet('queries-lost', values, evidence);
    },
  };
}

/** A client in the middle of a query of this container sees it break. */
export function clientSeesTheEnd(name: string, id = 'client-saw-it'): Check {
  return {
    id,
    kind: 'client-sees-the-end',
    says: ['name', 'cause'],
    async watch(look) {
      const client = await openClient(look, name);
      if (!client) return null;
      const pending = client.session.ask('select pg_sleep(86400)');
      return async () => {
        const stillWaiting = Symbol();
        const answer = await Promise.race([
          pending,
          new Promise<typeof stillWaiting>((resolve) =>
            setTimeout(() => resolve(stillWaiting), SEEN_WITHIN_MS),
          ),
        ]);
        await client.session.end();
        if (answer === stillWaiting || answer.ok) return { cause: '-', broke: 0 };
        return { cause: answer.cause, broke: 1 };
      };
    },
    async judge(look) {
      const seen = look.watched(id);
      if (!seen)
        return { outcome: 'unknown', values: { name }, finding: 'never-watched', evidence: 'pglab next' };
      const values: Values = { name, ...seen };
      const evidence = `docker logs ${look.values[`${name}.short`] ?? name}`;
      return seen.broke === 1 ? met(values, evidence) : notMet('client-saw-nothing', values, evidence);
    },
  };
}

/** It was killed, not stopped: the engine says exit code 137, which is SIGKILL. */
export function wasKilled(name: string, id = 'killed'): Check {
  return {
    id,
    kind: 'was-killed',
    says: ['short', 'exitCode'],
    async judge(look) {
      const found = await existing(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const values = { name, short: short(container), exitCode: container.exitCode };
      const evidence = `docker inspect --format '{{.State.ExitCode}}' ${short(container)}`;
      if (container.status === 'running') {
        // Started again, only the engine's memory has its exit code; a recovery tells of some violent end.
        const exitCode = await look.engine.lastExit(container);
        if (exitCode === 137) return met({ ...values, exitCode }, `docker logs ${short(container)}`);
        return exitCode === null && (await hasRecovered(look, container))
          ? { outcome: 'unknown', values, finding: 'never-watched', evidence }
          : notMet('still-running', values, evidence);
      }
      return container.exitCode === 137 ? met(values, evidence) : notMet('ended-otherwise', values, evidence);
    },
  };
}

/** Its log tells of a recovery: the server found that it had not been shut down. */
export function recovered(name: string, id = 'recovered'): Check {
  return {
    id,
    kind: 'recovered',
    says: ['short'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const values = { name, short: short(container) };
      return (await hasRecovered(look, container))
        ? met(values, logsOf(container))
        : notMet('no-recovery', values, logsOf(container));
    },
  };
}

async function hasRecovered(look: Look, { id }: Container): Promise<boolean> {
  const log = await look.engine.logs(id);
  return /database system was not properly shut down; automatic recovery in progress/.test(log);
}

async function openClient(
  look: Look,
  name: string,
): Promise<{ session: Session; container: Container } | null> {
  const container = await look.container(name);
  const port = container && publishedPort(container);
  if (!container || !port) return null;
  const session = await look.session(targetOf(look, container, port)).catch(() => null);
  return session && { session, container };
}
