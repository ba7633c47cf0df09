/** Reaches the engine that the settings name; for a walk, brings the built-in one up where there is none. */

import { builtIn } from '../engine/built-in-folders.ts';
import { bringUp, whyNotHere } from '../engine/builtin.ts';
import { type Endpoint, resolveEndpoint } from '../engine/endpoint.ts';
import type { Engine } from '../engine/types.ts';
import { DOCKERS_OWN } from '../engine/usual-sockets.ts';
import type { LabEvent } from '../journal/events.ts';
import { live } from '../journal/live.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { Settings } from './settings.ts';

interface Bringing {
  settings: Settings;
  /** Asked before an engine is brought up, where somebody can be asked. */
  mayBringUp: () => Promise<boolean>;
  /** Brings nothing up and fetches nothing. */
  looksOnly: boolean;
  /** Which of several engines that nobody named, by index; 0 where nobody can be asked. */
  whichEngine: (engines: readonly string[]) => Promise<number>;
}

/** The engine of the endpoint; where nothing is set and nothing is there, the built-in one. */
export async function* findEngine({
  settings,
  mayBringUp,
  looksOnly,
  whichEngine,
}: Bringing): AsyncGenerator<LabEvent, Engine> {
  const own = builtIn(settings.home);
  const found = await endpointOf(settings);
  const chosen = found && (await chosenOf(found, whichEngine));
  if (chosen?.said) yield chosen.said;
  const endpoint = chosen?.endpoint ?? null;
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

/** The event that tells which of several engines it is. */
type SaidOfSeveral = { type: 'noted'; step: null; note: 'engine-of-several'; values: Values };

/** Of several engines that nobody named one is chosen; `said` tells where the others are, null where there is one. */
export async function chosenOf(
  found: Endpoint,
  whichEngine: Bringing['whichEngine'],
): Promise<{ endpoint: Endpoint; said: SaidOfSeveral | null }> {
  const { among } = found;
  if (!among) return { endpoint: found, said: null };
  const asked = among.filter(({ says }) => says !== null);
  const at = await whichEngine(asked.map(({ url, says }) => `${says}  ${url}`));
  const { url } = asked[at] ?? found;
  const others = among.filter((each) => each.url !== url).map((each) => each.url);
  const values = { url, others: others.join(', ') };
  const said = { type: 'noted', step: null, note: 'engine-of-several', values } as const;
  return { endpoint: { ...found, url }, said };
}

export async function endpointOf(settings: Settings): Promise<Endpoint | null> {
  const { socket } = builtIn(settings.home);
  const endpoint = await resolveEndpoint({
    host: settings.host ?? undefined,
    env: process.env,
    builtInSocket: socket,
    lastUrl: settings.lastUrl,
  });
  return endpoint && { ...endpoint, builtIn: endpoint.url === `unix://${socket}` };
}

/** Where plain `docker` goes in this very shell; null where nothing of it can be made out. */
export async function learnersEndpoint(): Promise<Endpoint | null> {
  const sockets = [DOCKERS_OWN];
  return resolveEndpoint({ env: process.env, builtInSocket: '', sockets }).catch(() => null);
}

/** For verbs that only look: the engine, or trouble; nothing is brought up. */
export async function engineFor(settings: Settings): Promise<Engine> {
  const endpoint = await endpointOf(settings);
  if (!endpoint) throw new Trouble('engine-none');
  const { connectEngine } = await import('../engine/connect.ts');
  return connectEngine(endpoint);
}
