/** Checks of a container that ran in the foreground: by what the engine kept of it, and its log. */
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet, unknown } from '../lab/verdict.ts';
import { readySaid, wasReadyTwice, wasShutDownFast } from '../postgres/setup-log.ts';
import { shortId } from '../values.ts';
import { attachmentOf, inspected, logsOf } from './evidence.ts';
import { onStarted, running } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/** Each is the image's refusal of an empty database without a password. */
const OF_PASSWORD = /^(container-wants-password|password-(empty|misspelt))$/;

/**
 * The container was refused, with the image's sentence about the password. Says `exitCode`, which is 1.
 * Finds `not-refused`, and what `NOT_RUNNING` names.
 *
 *     checks: [refusedToStart('refused')]
 */
export function refusedToStart(name: string, id = 'refused'): Check {
  return defineCheck({
    id,
    kind: 'refused-to-start',
    says: ['exitCode'],
    finds: [...NOT_RUNNING, 'not-refused'],
    async judge(look) {
      const found = await running(look, name);
      if ('container' in found) {
        const values = { name, short: shortId(found.container.id) };
        return notMet('not-refused', values, logsOf(found.container));
      }
      // Why it does not run was found out already: here that very reason is the lesson.
      const { finding, values, evidence } = found.verdict;
      const isRefusal = OF_PASSWORD.test(finding ?? '') && values.exitCode === 1;
      return isRefusal ? met(values, evidence) : found.verdict;
    },
  });
}

/**
 * The container held the window: its output was attached. Says `short`.
 * Finds `attach-forgotten` (unknown), `not-attached`, and what `NOT_RUNNING` names.
 *
 *     checks: [attached('foreground')]
 */
export function attached(name: string, id = 'attached'): Check {
  return defineCheck({
    id,
    kind: 'attached',
    says: ['short'],
    finds: [...NOT_RUNNING, 'attach-forgotten', 'not-attached'],
    judge: onStarted(name, async (look, container) => {
      const evidence = attachmentOf(container, '{{.Config.AttachStdout}}');
      const values = { name, short: shortId(container.id) };
      const wasAttached = await look.engine.wasAttached(container, 'any-start');
      // What the engine no longer remembers is told by how the container was made, where it tells of that.
      const isAttached = wasAttached ?? container.attachable;
      if (isAttached === null) return unknown('attach-forgotten', values, evidence);
      return isAttached ? met(values, evidence) : notMet('not-attached', values, evidence);
    }),
  });
}

/**
 * The log has the listen lines of the real server. Says `address`, IPv4 and port, and `socket`, a path.
 * Finds `log-without-listen`, and what `NOT_RUNNING` names.
 *
 *     checks: [listened('foreground')]
 */
export function listened(name: string, id = 'listened'): Check {
  return defineCheck({
    id,
    kind: 'listened',
    says: ['address', 'socket'],
    finds: [...NOT_RUNNING, 'log-without-listen'],
    judge: onStarted(name, async (look, container) => {
      const log = await look.engine.logs(container.id);
      const address = /listening on IPv4 address "([^"]+)", port (\d+)/.exec(log);
      const socket = /listening on Unix socket "([^"]+)"/.exec(log);
      return address && socket
        ? met({ address: `${address[1]}:${address[2]}`, socket: socket[1] as string }, logsOf(container))
        : notMet(
            'log-without-listen',
            { short: shortId(container.id), status: container.status },
            logsOf(container),
          );
    }),
  });
}

/**
 * "Ready" was said twice, by two servers: first by the temporary one of the set-up, which was completed, then
 * by the one that stays. Says `first` and `second`: process ids inside the container.
 * Finds `ready-once`, and what `NOT_RUNNING` names.
 *
 *     checks: [readyTwice('foreground')]
 */
export function readyTwice(name: string, id = 'ready-twice'): Check {
  return defineCheck({
    id,
    kind: 'ready-twice',
    says: ['first', 'second'],
    finds: [...NOT_RUNNING, 'ready-once'],
    judge: onStarted(name, async (look, container) => {
      const log = await look.engine.logs(container.id);
      const said = wasReadyTwice(log);
      const values = {
        ...{ name, short: shortId(container.id), status: container.status },
        times: readySaid(log).length,
      };
      return said ? met(said, logsOf(container)) : notMet('ready-once', values, logsOf(container));
    }),
  });
}

/**
 * The container ended by itself after a SIGINT, which is a fast shutdown for Postgres. Says `exitCode`, which is 0.
 * Finds `still-running`, `ended-otherwise`, and what `NOT_RUNNING` names.
 *
 *     checks: [endedCleanly('foreground')]
 */
export function endedCleanly(name: string, id = 'ended'): Check {
  return defineCheck({
    id,
    kind: 'ended-cleanly',
    says: ['exitCode'],
    finds: [...NOT_RUNNING, 'still-running', 'ended-otherwise'],
    judge: onStarted(name, async (look, container) => {
      const values = { name, short: shortId(container.id), exitCode: container.exitCode };
      const evidence = inspected(container, '{{.State.Status}} {{.State.ExitCode}}');
      if (container.status === 'running') return notMet('still-running', values, evidence);
      const log = await look.engine.logs(container.id);
      const isClean = container.exitCode === 0 && wasShutDownFast(log);
      return isClean ? met(values, evidence) : notMet('ended-otherwise', values, evidence);
    }),
  });
}
