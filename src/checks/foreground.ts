/** Checks of a container that ran in the foreground: by what the engine kept of it, and its log. */
import type { Check } from '../lab/model.ts';
import { alive, existing } from './alive.ts';
import { logsOf, met, notMet, short } from './verdict.ts';

/** It was refused: exit 1, with the entrypoint's sentence about the password. */
export function refusedToStart(name: string, id = 'refused'): Check {
  return {
    id,
    kind: 'refused-to-start',
    says: ['exitCode'],
    async judge(look) {
      const found = await alive(look, name);
      if ('container' in found) {
        const { container } = found;
        return notMet('not-refused', { name, short: short(container) }, logsOf(container));
      }
      // Why it does not run was found out already: here that very reason is the lesson.
      const { finding, values, evidence } = found.verdict;
      const isRefusal = finding === 'container-wants-password' && values.exitCode === 1;
      return isRefusal ? met(values, evidence) : found.verdict;
    },
  };
}

/** It held the window: its output was attached. */
export function attached(name: string, id = 'attached'): Check {
  return {
    id,
    kind: 'attached',
    says: ['short'],
    async judge(look) {
      const found = await existing(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = `docker inspect --format '{{.Config.AttachStdout}}' ${short(container)}`;
      const values = { name, short: short(container) };
      // What the engine no longer remembers is told by how the container was made.
      const isAttached = container.attachable && (await look.engine.wasAttached(container)) !== false;
      return isAttached ? met(values, evidence) : notMet('not-attached', values, evidence);
    },
  };
}

/** The log has the listen lines of the real server: an IPv4 address and a unix socket. */
export function listened(name: string, id = 'listened'): Check {
  return {
    id,
    kind: 'listened',
    says: ['address', 'socket'],
    async judge(look) {
      const found = await existing(look, name);
      if ('verdict' in found) return found.verdict;
      const log = await look.engine.logs(found.container.id);
      const address = /listening on IPv4 address "([^"]+)", port (\d+)/.exec(log);
      const socket = /listening on Unix socket "([^"]+)"/.exec(log);
      if (!address || !socket) {
        return notMet('log-without-listen', { short: short(found.container) }, logsOf(found.container));
      }
      return met(
        { address: `${address[1]}:${address[2]}`, socket: socket[1] as string },
        logsOf(found.container),
      );
    },
  };
}

/**
 * "Ready" was said twice, by two servers: first by the temporary one of the set-up, then, after the
 * set-up said that it is complete, by the one that is process 1.
 */
export function readyTwice(name: string, id = 'ready-twice'): Check {
  return {
    id,
    kind: 'ready-twice',
    says: ['first', 'second'],
    async judge(look) {
      const found = await existing(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const log = await look.engine.logs(container.id);
      const said = [...log.matchAll(/^(.*)\[(\d+)\] LOG: {2}database system is ready to accept/gm)];
      const complete = log.indexOf('init process complete');
      const [first] = said;
      const last = said.at(-1);
      const values = { name, short: short(container), times: said.length };
      if (!first || !last || first === last) return notMet('ready-once', values, logsOf(container));
      if (complete < first.index || complete > last.index || last[2] !== '1') {
        return notMet('ready-once', values, logsOf(container));
      }
      return met({ first: first[2] as string, second: last[2] }, logsOf(container));
    },
  };
}

/** It ended, and of its own accord: SIGINT is a fast shutdown with exit code 0. */
export function endedCleanly(name: string, id = 'ended'): Check {
  return {
    id,
    kind: 'ended-cleanly',
    says: ['exitCode'],
    async judge(look) {
      const found = await existing(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const values = { name, short: short(container), exitCode: container.exitCode };
      const evidence = `docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' ${short(container)}`;
      if (container.status === 'running') return notMet('still-running', values, evidence);
      const log = await look.engine.logs(container.id);
      if (container.exitCode !== 0 || !/received fast shutdown request/.test(log)) {
        return notMet('ended-otherwise', values, evidence);
      }
      return met(values, evidence);
    },
  };
}
