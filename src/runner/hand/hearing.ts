/** Hears of each question that is put to a server, and how it came out. */
import type { Answer, Service } from '../../lab/service.ts';
import type { RunContext } from '../ground/context.ts';

/** How a question came out: answered, refused at the door, or it reached no server. */
export type Heard = 'answered' | 'refused' | 'lost';

/** As it was given, but `asks` is called before each question to a server, and `heard` after it. */
export function hearing(
  context: RunContext,
  { asks, heard }: { asks?: () => void; heard: (heard: Heard) => void },
): RunContext {
  const { service } = context.lab.settings;
  if (!service) return context;
  const { server } = service;
  const told = async (ask: () => Promise<Answer>) => {
    asks?.();
    const answer = await ask();
    heard(heardOf(answer, server));
    return answer;
  };
  const listening: Service['server'] = {
    ...server,
    query: (...asked) => told(() => server.query(...asked)),
    queryInside: (...asked) => told(() => server.queryInside(...asked)),
  };
  const settings = { ...context.lab.settings, service: { ...service, server: listening } };
  return { ...context, lab: { ...context.lab, settings } };
}

function heardOf(answer: Answer, server: Service['server']): Heard {
  const refusal = answer.ok ? 'question' : server.refusalOf(answer.cause);
  if (refusal === 'question') return 'answered';
  return refusal === null ? 'lost' : 'refused';
}
