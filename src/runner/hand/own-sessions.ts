/** Our own sessions with servers, counted, so that those of others can be told from them. */
import type { Answer, Service } from '../../lab/service.ts';
import type { RunContext } from '../ground/context.ts';

/** A context whose sessions with servers are counted. */
export interface Counted {
  context: RunContext;
  /** How many sessions of ours have come to their end. */
  own: () => number;
  /** How many times we were not let in. */
  refused: () => number;
}

/** Counts our own sessions, by whatever way they reach a server: others than these are somebody else's. */
export function counted(context: RunContext): Counted {
  const { service } = context.lab.settings;
  if (!service) return { context, own: () => 0, refused: () => 0 };
  let count = 0;
  let refused = 0;
  const { server } = service;
  const seen = (answer: Answer): Answer => {
    const refusal = answer.ok ? 'question' : server.refusalOf(answer.cause);
    if (refusal === 'question') count += 1;
    else if (refusal !== null) refused += 1;
    return answer;
  };
  const counting: Service['server'] = {
    ...server,
    async query(...asked) {
      return seen(await server.query(...asked));
    },
    async queryInside(...asked) {
      return seen(await server.queryInside(...asked));
    },
  };
  const settings = { ...context.lab.settings, service: { ...service, server: counting } };
  return {
    context: { ...context, lab: { ...context.lab, settings } },
    own: () => count,
    refused: () => refused,
  };
}
