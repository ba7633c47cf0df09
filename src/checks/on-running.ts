/** Judges a container of the world only where it runs, or was ever started; else the verdict says why not. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Finding, Verdict } from '../lab/verdict.ts';
import { isRefusedWhenEmpty, majorOf } from '../postgres/login.ts';
import { READY_FOR_ALL, startsServer } from '../postgres/setup-log.ts';
import { Trouble } from '../trouble.ts';
import { shortId } from '../values.ts';
import { type NotRunning, whyNotRunning } from './why-not-running.ts';

/** The engine itself takes a restarted container for well after so long. */
const RESTARTED_WITHIN_MS = 10_000;

/** How long an image may take to say its first words, on a busy machine. */
const FIRST_WORDS_WITHIN_MS = 20_000;

export type Judge<F extends Finding> = (look: Look) => Promise<Verdict<F>>;

/** What is judged of a container that is there. */
export type OfContainer<F extends Finding> = (
  look: Look,
  container: Container,
) => Verdict<F> | Promise<Verdict<F>>;

/** A container as it was found, or the verdict that says why it is not. */
type Found = { container: Container } | { verdict: Verdict<NotRunning> };

/**
 * Judges the container of this name in the world where it runs. Where it does not, the verdict is one of
 * `NOT_RUNNING`, which the check's `finds` has as well.
 *
 *     judge: onRunning('quiet', (look, { id, addresses }) =>
 *       addresses.length > 0 ? met({ id }, 'docker ps') : notMet('no-address', { id }, 'docker ps')),
 */
export function onRunning<F extends Finding>(name: string, judge: OfContainer<F>): Judge<F | NotRunning> {
  return async (look) => {
    const found = await running(look, name);
    if ('verdict' in found) return found.verdict;
    const { id } = found.container;
    try {
      const verdict = await judge(look, found.container);
      return verdict.outcome === 'met' ? verdict : ((await whyNotAnyMore(look, name, id)) ?? verdict);
    } catch (error) {
      const why = error instanceof Trouble ? await whyNotAnyMore(look, name, id) : null;
      if (why === null) throw error;
      return why;
    }
  };
}

/** What was paused, stopped or killed while it was judged answers to nothing, and that alone is why; null: it still runs. */
async function whyNotAnyMore(look: Look, name: string, id: string): Promise<Verdict<NotRunning> | null> {
  const now = await look.engine.container(id);
  return now?.status === 'running' ? null : whyNotRunning(look, name, now);
}

/** As `onRunning`, of a container that was ever started, whether or not it still runs. */
export function onStarted<F extends Finding>(name: string, judge: OfContainer<F>): Judge<F | NotRunning> {
  return async (look) => {
    const container = await look.container(name);
    const wasStarted = container !== null && container.status !== 'created';
    return wasStarted ? judge(look, container) : whyNotRunning(look, name, container);
  };
}

export async function running(look: Look, name: string): Promise<Found> {
  const container = await settled(look, await look.container(name));
  if (container && keepsRestarting(look, container) && !(await isUpAgain(look, container))) {
    return { verdict: await whyNotRunning(look, name, { ...container, status: 'restarting' }) };
  }
  if (container?.status === 'running') return { container };
  return { verdict: await whyNotRunning(look, name, container) };
}

/**
 * Without a password an empty database is refused, a moment after the container has started: looked at in
 * between, it would be taken for one that runs. So the image's first words are waited for.
 */
async function settled(look: Look, container: Container | null): Promise<Container | null> {
  if (container?.status !== 'running') return container;
  // Only the image's own start of a server refuses; whatever else was started may be silent for ever.
  const mayBeRefused = majorOf(container.env) !== null && startsServer(container.command);
  if (!mayBeRefused || !isRefusedWhenEmpty(container.env)) return container;
  const enough = AbortSignal.timeout(FIRST_WORDS_WITHIN_MS);
  let hasSpoken = false;
  for await (const line of look.engine.logLines(container.id, enough)) {
    // The refusal is followed by the end; anything else is a server that goes on.
    hasSpoken = line.trim() !== '' && !/^(Error:| {7}|\s*$)/.test(line);
    if (hasSpoken) break;
  }
  const now = await look.engine.container(container.id);
  if (!hasSpoken && enough.aborted && now?.status === 'running') {
    throw new Trouble('not-ready', { id: shortId(now.id), seconds: FIRST_WORDS_WITHIN_MS / 1000 });
  }
  return now;
}

/** What ended it again and again was mended: since its last start its server has become ready. */
async function isUpAgain(look: Look, { id, startedAt }: Container): Promise<boolean> {
  return READY_FOR_ALL.test(await look.engine.logs(id, { since: startedAt }));
}

/**
 * Between two restarts it runs for a moment; the policy has started it a moment ago, and not for the first time:
 * one restart is no loop.
 */
function keepsRestarting(look: Look, { status, restartCount, startedAt }: Container): boolean {
  const age = Date.now() - Date.parse(startedAt);
  return status === 'running' && restartCount > 1 && look.local && Math.abs(age) < RESTARTED_WITHIN_MS;
}
