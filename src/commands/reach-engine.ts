/** Reaches the engine that the settings name; for a walk, brings the built-in one up where there is none. */

import { builtIn } from '../engine/built-in-folders.ts';
import { bringUp, whyNotHere } from '../engine/builtin.ts';
import { type Endpoint, resolveEndpoint } from '../engine/endpoint.ts';
import type { Engine } from '../engine/types.ts';
import type { LabEvent } from '../journal/events.ts';
import { live } from '../journal/live.ts';
import { Trouble } from '../trouble.ts';
import type { Settings } from './settings.ts';

interface Bringing {
  settings: Settings;
  /** Asked before an engine is brought up, where somebody can be asked. */
  mayBringUp: () => Promise<boolean>;
  /** Brings nothing up and fetches nothing. */
  looksOnly: boolean;
}

/** The engine of the endpoint; where nothing is set and nothing is there, the built-in one. */
export async function* findEngine({
  settings,
  mayBringUp,
  looksOnly,
}: Bringing): AsyncGenerator<LabEvent, Engine> {
  const own = builtIn(settings.home);
  const endpoint = await endpointOf(settings);
  const { connectEngine } = await import('../engine/connect.ts');
  if (endpoint) {
    try {
      return await connectEngine(endpoint);
    } catch (error) {
      // Ours may have died since it was looked at. An engine of others that listens and is slow is no reason
      // to bring up another beside it.
      if (endpoint.from !== 'built-in' || whyNotHere(own)) throw error;
    }
  }
  const trouble = whyNotHere(own);
  if (trouble) throw trouble;
  if (looksOnly || !(await mayBringUp())) throw new Trouble('engine-none');
  yield* live((emit) =>
    bringUp(own, (line) => emit({ type: 'progress', stage: 'engine-line', values: { line } })),
  );
  yield { type: 'noted', step: null, note: 'engine-brought-up', values: { home: settings.home } };
  return connectEngine({ url: `unix://${own.socket}`, from: 'built-in' });
}

export async function endpointOf(settings: Settings): Promise<Endpoint | null> {
  const { socket } = builtIn(settings.home);
  const endpoint = await resolveEndpoint({
    host: settings.host ?? undefined,
    env: process.env,
    builtInSocket: socket,
  });
  return endpoint && { ...endpoint, builtIn: endpoint.url === `unix://${socket}` };
}

/** Where plain `docker` goes in this very shell; null where nothing of it can be made out. */
export async function learnersEndpoint(): Promise<Endpoint | null> {
  return resolveEndpoint({ env: process.env, builtInSocket: '' }).catch(() => null);
}

/** For verbs that only look: the engine, or trouble; nothing is brought up. */
export async function engineFor(settings: Settings): Promise<Engine> {
  const endpoint = await endpointOf(settings);
  if (!endpoint) throw new Trouble('engine-none');
  const { connectEngine } = await import('../engine/connect.ts');
  return connectEngine(endpoint);
}
