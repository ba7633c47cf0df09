/**
 * Ready means that a SELECT over TCP is answered, if only with a no of the server's own. The container's log
 * is the trigger: a first start may say twice that it is ready, and only the second time by the server that
 * has TCP, so each time it is said a query is the proof.
 */
import { mainPort } from '../../engine/bindings.ts';
import type { Container } from '../../engine/types.ts';
import { connect } from '../../host.ts';
import { type Answer, NO_WAY, type Service } from '../../lab/service.ts';
import { Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
import type { RunContext, Unreached } from '../ground/context.ts';
import { trustIn } from '../ground/trust.ts';
import { askAnyWay, askInside } from './asking.ts';
import { clientVersion } from './client.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** How often to ask where the log comes late or not at all. Where it comes, a line of it makes us ask at once. */
const HEARTBEAT_MS = 1_000;
/** How long to wait without a new line in the log: with thirty set-ups at once on two cores, one takes minutes. */
const GIVE_UP_AFTER_MS = 180_000;
/** How long to wait in all, also while the log goes on: other clients may keep the server talking. */
const GIVE_UP_AT_LAST_MS = 900_000;

/** How long a container may be frozen before its server is waited for no longer: `docker commit` does it for a moment. */
const PAUSED_WITHIN_MS = 5_000;

/** Elsewhere, a connection that takes longer is looked at: whether anything comes back at all. */
const THROUGH_WITHIN_MS = 5_000;
/** What leads a port to this machine from elsewhere (a virtual machine, ssh) may come seconds after its server. */
const REFUSED_FOR_MS = 8_000;

/**
 * With the way through its published port, where that is not open though the server is up. `container`: as it is now; the
 * server of one that runs is up, and listens on another port than it is asked.
 */
export type Readiness =
  | { ready: true; unreached?: Unreached }
  | { ready: false; container: Container | null };

/** How long a connection to a published port may take; undefined: as long as usual. */
export function connectWithin({ local }: RunContext): number | undefined {
  return local ? undefined : THROUGH_WITHIN_MS;
}

/**
 * Waits for the server in a container. The proof goes through its published port where there is one;
 * else to the container's own address, where this machine reaches it; else over TCP from inside.
 */
export async function ready(context: RunContext, container: Container): Promise<Readiness> {
  const { service } = context.lab.settings;
  if (!service) return { ready: true };
  const warm = service.server.warmUp();
  // A command that gives the password to the service's client wants to know: this machine has time for it now.
  clientVersion(service).catch(() => {});
  const password = service.container.passwordOf(container.env);
  const { md5 } = trustIn(context, container);
  const login = { ...service.container.loginOf(container.env), ...(password ? { password } : {}), md5 };
  const port = mainPort(container, service.port);
  const known = context.unreached.get(container.id);
  const way = new Way(context, container);
  const ask = async (): Promise<Answer> => {
    if (port === null || known?.port === port) return askAnyWay(context, container, 'select 1');
    const target = { host: context.host, port, ...login };
    const answer = await service.server.query(target, 'select 1', connectWithin(context));
    if (!answer.ok && NO_WAY.test(answer.cause)) return way.judge(port, answer);
    // An old volume does not take this container's password: the server is up all the same.
    const isOldPassword = !answer.ok && service.server.refusalOf(answer.cause) === 'password';
    return isOldPassword ? askAnyWay(context, container, 'select 1') : answer;
  };
  const readiness = await untilReady(context, service, container, ask);
  await warm;
  if (way.isClosed) context.unreached.set(container.id, way.isClosed);
  return readiness.ready && way.isClosed ? { ...readiness, unreached: way.isClosed } : readiness;
}

/** The way through a published port, where connections come to nothing: the server may not be up, or nothing leads to it. */
class Way {
  readonly #context: RunContext;
  readonly #container: Container;
  #upSince = Number.POSITIVE_INFINITY;
  isClosed: Unreached | null = null;

  constructor(context: RunContext, container: Container) {
    this.#context = context;
    this.#container = container;
  }

  /** The answer from inside, where it is the way's fault; else the one that came through it. */
  async judge(port: number, through: Extract<Answer, { ok: false }>): Promise<Answer> {
    const { host, lab } = this.#context;
    const inside = await askInside(this.#context, this.#container, 'select 1', { host: '127.0.0.1' });
    const isUp = inside.ok || lab.settings.service?.server.refusalOf(inside.cause) !== null;
    if (!isUp) return through;
    this.#upSince = Math.min(this.#upSince, performance.now());
    const cause = await connect(host, port);
    const isLate = cause === 'ECONNREFUSED' && performance.now() - this.#upSince < REFUSED_FOR_MS;
    // One that is accepted leads somewhere: the answer is only slow.
    if (cause === null || isLate) return through;
    this.isClosed = { host, port, cause };
    return inside;
  }
}

/** What an answer ends the wait for a server with; null: it is waited for still. `isUp`: its log has said that one is. */
async function endBy(
  { engine }: Pick<RunContext, 'engine'>,
  { log, port, server }: Service,
  { id, startedAt }: Container,
  { answer, isUp }: { answer: Answer; isUp: boolean },
): Promise<'answered' | 'elsewhere' | null> {
  if (answer.ok || server.refusalOf(answer.cause) !== null) return 'answered';
  if (!isUp) return null;
  const said = await engine.logs(id, { since: startedAt });
  const isElsewhere = log.stage(said) === 'ready' && (log.listensOn(said) ?? port) !== port;
  return isElsewhere ? 'elsewhere' : null;
}

/**
 * Resolves when `ask` was answered, or when the container no longer runs, is paused, or has its server up and not where it
 * is asked.
 */
async function untilReady(
  { engine, signal }: Pick<RunContext, 'engine' | 'signal'>,
  service: Service,
  container: Container,
  ask: () => Promise<Answer>,
): Promise<Readiness> {
  const [stop, failures] = [new AbortController(), [] as unknown[]];
  const cancel = () => stop.abort();
  signal.addEventListener('abort', cancel, { once: true });
  let isUp = false;
  const attempt = oneAtATime(async () => {
    try {
      const end = await endBy({ engine }, service, container, { answer: await ask(), isUp });
      if (end !== null) stop.abort(end);
    } catch (error) {
      failures.push(error);
      stop.abort('failed');
    }
  }, stop.signal);
  const heartbeat = setInterval(attempt.ifIdle, HEARTBEAT_MS);
  const patience = patienceThat({ engine }, container, (why) => stop.abort(why));
  try {
    for await (const line of engine.logLines(container.id, stop.signal)) {
      if (!service.log.refusal.test(line)) patience.renew();
      isUp ||= service.log.ready.test(line);
      if (service.log.ready.test(line)) attempt();
      if (stop.signal.aborted) break;
    }
    // A question to a server that is frozen has no end of its own.
    if (stop.signal.reason !== 'paused') await attempt.settled();
  } finally {
    clearInterval(heartbeat);
    patience.end();
    signal.removeEventListener('abort', cancel);
  }
  if (failures.length > 0) throw failures[0];
  if (stop.signal.reason === 'answered') return { ready: true };
  if (stop.signal.reason === 'deadline') throw notReady(container);
  signal.throwIfAborted();
  return { ready: false, container: await engine.container(container.id) };
}

function notReady({ id }: Container): Trouble {
  return new Trouble('not-ready', { id: shortId(id), seconds: GIVE_UP_AFTER_MS / 1000 });
}

/**
 * Gives up when nothing new was said for a while, or at last whatever was said; sooner where the container is frozen and
 * stays so: its server says nothing, and nothing in its log says why.
 */
function patienceThat(
  { engine }: Pick<RunContext, 'engine'>,
  { id }: Container,
  giveUp: (why: 'deadline' | 'paused') => void,
): { renew(): void; end(): void } {
  const deadline = setTimeout(giveUp, GIVE_UP_AFTER_MS, 'deadline');
  const atLast = setTimeout(giveUp, GIVE_UP_AT_LAST_MS, 'deadline');
  let pausedSince = Number.POSITIVE_INFINITY;
  const look = oneAtATime(async () => {
    // An engine that is gone is trouble of the question itself.
    const now = await engine.container(id).catch(() => null);
    pausedSince =
      now?.status === 'paused' ? Math.min(pausedSince, performance.now()) : Number.POSITIVE_INFINITY;
    if (performance.now() - pausedSince >= PAUSED_WITHIN_MS) giveUp('paused');
  }, AbortSignal.abort());
  const looks = setInterval(look.ifIdle, HEARTBEAT_MS);
  return {
    renew: () => void deadline.refresh(),
    end() {
      clearTimeout(deadline);
      clearTimeout(atLast);
      clearInterval(looks);
    },
  };
}
