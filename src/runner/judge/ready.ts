/**
 * Ready means that a SELECT over TCP is answered, if only with a no of the server's own. The engine's log
 * is the trigger: "ready to accept connections" is said twice on a first start, and only the second time by
 * the server that has TCP, so each time it is said a query is the proof.
 */
import type { Container, Engine } from '../../engine/types.ts';
import type { Answer } from '../../postgres/session.ts';
import { Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';
import { queryAnyWay } from './looking.ts';

export const READY_LINE = /database system is ready to accept connections/;
/** For engines whose log comes late or not at all; the log is what makes it quick. */
const HEARTBEAT_MS = 1_000;
/** What it says to whoever asks, ourselves included, is no sign that it gets on. */
const REFUSAL = /\bFATAL: /;
/** Without a new line in its log: with thirty set-ups at once on two cores, one takes minutes. */
const GIVE_UP_AFTER_MS = 180_000;
/** Whatever its log says meanwhile: others may keep it talking. */
const GIVE_UP_AT_LAST_MS = 900_000;
/** SQLSTATEs of a server that is up and has its reasons: who you are, which database, too many already. */
const SERVERS_OWN = /^((28|3D|53)[0-9A-Z]{3}|no-password)$/;

export type Readiness = { ready: true } | { ready: false; container: Container | null };

/**
 * Waits for the server in a container. The proof goes through its published port where there is one;
 * else to the container's own address, where this machine reaches it; else over TCP from inside.
 */
export async function ready(context: RunContext, container: Container): Promise<Readiness> {
  const { query, warmUp } = await import('../../postgres/query.ts');
  const warm = warmUp();
  const user = container.env.POSTGRES_USER || 'postgres';
  const password = container.env.POSTGRES_PASSWORD;
  const login = { user, database: container.env.POSTGRES_DB || user, ...(password ? { password } : {}) };
  const { bindings } = container;
  const published = (bindings.find(({ containerPort }) => containerPort === 5432) ?? bindings[0])?.hostPort;
  const ask = async (): Promise<Answer> => {
    if (published === undefined) return queryAnyWay(context, container, 'select 1');
    const answer = await query({ host: context.host, port: published, ...login }, 'select 1');
    // An old volume does not take this container's password: the server is up all the same.
    return !answer.ok && answer.cause === '28P01' ? queryAnyWay(context, container, 'select 1') : answer;
  };
  const readiness = await untilReady(context.engine, container.id, ask, context.signal);
  await warm;
  return readiness;
}

/** Resolves when `ask` was answered, or when the container no longer runs. */
async function untilReady(
  engine: Engine,
  id: string,
  ask: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Readiness> {
  const stop = new AbortController();
  const cancel = () => stop.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  const failures: unknown[] = [];
  const attempt = oneAtATime(async () => {
    try {
      const answer = await ask();
      if (answer.ok || SERVERS_OWN.test(answer.cause)) stop.abort('answered');
    } catch (error) {
      failures.push(error);
      stop.abort('failed');
    }
  }, stop.signal);
  const heartbeat = setInterval(attempt.ifIdle, HEARTBEAT_MS);
  const giveUp = () => stop.abort('deadline');
  const deadline = setTimeout(giveUp, GIVE_UP_AFTER_MS);
  const atLast = setTimeout(giveUp, GIVE_UP_AT_LAST_MS);

  try {
    for await (const line of engine.logLines(id, stop.signal)) {
      if (!REFUSAL.test(line)) deadline.refresh();
      if (READY_LINE.test(line)) attempt();
      if (stop.signal.aborted) break;
    }
    await attempt.settled();
    if (failures.length > 0) throw failures[0];
    if (stop.signal.reason === 'answered') return { ready: true };
    if (stop.signal.reason === 'deadline') {
      throw new Trouble('not-ready', { id: shortId(id), seconds: GIVE_UP_AFTER_MS / 1000 });
    }
    signal?.throwIfAborted();
    return { ready: false, container: await engine.container(id) };
  } finally {
    clearInterval(heartbeat);
    clearTimeout(deadline);
    clearTimeout(atLast);
    signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Asked again while it works, it works once more after that: no trigger is lost. What comes regularly asks
 * only `ifIdle`: on a busy machine an answer takes longer than a beat, and there would always be another.
 */
function oneAtATime(work: () => Promise<void>, stop: AbortSignal) {
  let current: Promise<void> | null = null;
  let again = false;
  const start = () => {
    if (current) {
      again = true;
      return;
    }
    current = (async () => {
      do {
        again = false;
        await work();
      } while (again && !stop.aborted);
      current = null;
    })();
  };
  const ifIdle = () => {
    if (!current) start();
  };
  return Object.assign(start, { ifIdle, settled: async () => current ?? undefined });
}
