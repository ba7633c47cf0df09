/** Our own sessions with servers, counted, so that those of others can be told from them. */
import type { RunContext } from '../ground/context.ts';
import { hearing } from './hearing.ts';
import { sessionsBeside } from './sessions-beside.ts';

/** A context whose sessions with servers are counted, and those of processes that look on with them. */
export interface Counted {
  context: RunContext;
  /** How many sessions of ours have come to their end. */
  own: () => number;
  /** How many times we were not let in. */
  refused: () => number;
}

/** Counts our own sessions, by whatever way they reach a server: others than these are somebody else's. */
export function counted(context: RunContext): Counted {
  const count = { answered: 0, refused: 0, lost: 0 };
  return {
    context: hearing(context, {
      heard: (heard) => {
        count[heard] += 1;
      },
    }),
    own: () => count.answered + sessionsBeside(context).own,
    refused: () => count.refused + sessionsBeside(context).refused,
  };
}
