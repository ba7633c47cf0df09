/** What this home's pglab has on an engine, and who else has something there. */
import { builtIn } from '../engine/built-in-folders.ts';
import { bringUp, isInstalled } from '../engine/builtin.ts';
import type { Engine, Image } from '../engine/types.ts';
import { journalFile, runsOf } from '../home.ts';
import { isNamedAsBuilt } from '../image/build.ts';
import { type OwnImage, ownImages } from '../image/image-removal.ts';
import { OwnImages } from '../image/own-images.ts';
import { isOther, pinnedEngine } from '../journal/pin.ts';
import { readJournal } from '../journal/read.ts';
import { LABEL } from '../names.ts';
import { Trouble } from '../trouble.ts';
import { keptOf, planReset } from '../world/reset-plan.ts';
import type { PlanItem, Scope } from '../world/reset-scope.ts';
import type { Desk } from './desk.ts';
import { type Locked, lockAll } from './hold.ts';
import { endpointOf } from './reach-engine.ts';

export interface OnEngine {
  engine: Engine;
  locked: Locked;
  scope: Scope;
  things: PlanItem[];
  /** What the learner made in runs, or named as theirs, and stays. */
  kept: PlanItem[];
  /** Images that pglab got and nothing else uses; of the built-in engine none, since it goes as a whole. */
  images: OwnImage[];
  /** The same, and containers that are not ours use them. */
  usedImages: OwnImage[];
  /** What is on the built-in engine now and pglab did not make. */
  strangers(): Promise<Stranger[]>;
}

export interface Reached {
  engines: Engine[];
  /** Why the built-in engine could not be looked into; null where it was, or where there is none. */
  unseen: string | null;
}

/**
 * The engine that is in use, and the built-in one of this home: connected, and brought up where it is down and that can
 * be done as the machine is. Nothing is installed for it.
 */
export async function enginesOf(desk: Desk, hasBuiltIn: boolean, mayBringUp: boolean): Promise<Reached> {
  const { connectEngine } = await import('../engine/connect.ts');
  const endpoint = await endpointOf(desk.settings);
  const found = endpoint === null ? [] : [await connectEngine(endpoint)];
  if (!hasBuiltIn || found.some(({ info }) => info.builtIn)) return { engines: found, unseen: null };
  const own = builtIn(desk.settings.home);
  const { screen, content } = desk;
  const connected = () => connectEngine({ url: `unix://${own.socket}`, from: 'built-in' });
  const why = (error: unknown) => {
    if (!(error instanceof Trouble)) throw error;
    return content.say('troubles', error.code, error.values, 'message');
  };
  const there = await connected().catch((error) => why(error));
  if (typeof there !== 'string') return { engines: [...found, there], unseen: null };
  if (!mayBringUp || !isInstalled()) return { engines: found, unseen: there };
  try {
    await bringUp(own, (line) => screen.aside(content.say('messages', 'engine-line', { line })));
    return { engines: [...found, await connected()], unseen: null };
  } catch (error) {
    return { engines: found, unseen: why(error) };
  }
}

/** This home's runs that began on none of these engines, each with the address of its own. */
export function runsElsewhere(home: string, engines: readonly Engine[]): { run: string; endpoint: string }[] {
  return runsOf(home).flatMap((run) => {
    const { standing } = readJournal(journalFile(home, run));
    const pinned = pinnedEngine(standing);
    // What is on the built-in engine goes with it.
    if (pinned === null || pinned.builtIn || engines.some((engine) => !isOther(standing, engine))) return [];
    return [{ run, endpoint: pinned.endpoint }];
  });
}

/**
 * Takes hold of the runs that began there. `id`: the home's, null where it has none yet. `held`: runs that are another
 * engine's already; one that has made nothing yet may be any's.
 */
export async function lookAtEngine(
  desk: Desk,
  engine: Engine,
  { id, adopted, held }: { id: string | null; adopted: boolean; held: ReadonlySet<string> },
): Promise<OnEngine> {
  const { home } = desk.settings;
  const isOfThis = (run: string) => !isOther(readJournal(journalFile(home, run)).standing, engine);
  const runs = runsOf(home).filter((run) => !held.has(run) && isOfThis(run));
  const locked = lockAll(desk, engine, runs, true);
  try {
    const scope: Scope = {
      labels: { [LABEL.home]: id ?? '' },
      lab: null,
      runs: locked.open.map(({ run }) => ({ run, home: id ?? '', lab: desk.folders.id })),
      standings: locked.open.flatMap(({ journal }) => (journal ? [journal.standing] : [])),
      ...{ steps: null, names: null, folders: [], adopted },
      isSpared: (run) => locked.leftOut.has(run),
    };
    const things = id === null ? [] : await planReset(engine, scope);
    const kept = id === null ? [] : Object.values(await keptOf(engine, scope, things)).flat();
    const planned = new Set(things.map((each) => each.id));
    const images = await ownImages(engine, new OwnImages(home));
    const isUsed = ({ users }: OwnImage) => users.some((user) => !planned.has(user.id));
    const isWhole = engine.info.builtIn;
    return {
      ...{ engine, locked, scope, things, kept },
      images: isWhole ? [] : images.filter((image) => !isUsed(image)),
      usedImages: isWhole ? [] : images.filter(isUsed),
      strangers: async () => (isWhole && !adopted ? strangersOn(engine, planned, new OwnImages(home)) : []),
    };
  } catch (error) {
    locked.close();
    throw error;
  }
}

interface Stranger {
  kind: 'container' | 'volume' | 'network' | 'an-image';
  name: string;
}

/**
 * Containers, volumes, networks and images there that are neither planned nor the engine's own, each with the word
 * for its kind.
 */
export async function strangersOn(
  engine: Engine,
  planned: ReadonlySet<string>,
  own: OwnImages,
): Promise<Stranger[]> {
  const given = own.on(engine);
  const before = own.idsOn(engine);
  // An image that was made from one of ours has its labels, too: the names alone tell.
  const isOurs = ({ id, tags, labels, postgresMajor }: Image) =>
    tags.some((tag) => given.get(tag) === id) ||
    (tags.length === 0 && before.has(id)) ||
    (labels['pglab.image'] === String(postgresMajor) && isNamedAsBuilt(tags, postgresMajor));
  const [containers, volumes, networks, images] = await Promise.all([
    engine.listed(),
    engine.volumes(),
    engine.networks({}),
    engine.images(),
  ]);
  const told = [
    ...containers.map(({ id, name }) => ({ id, name, kind: 'container' as const })),
    ...volumes.map(({ name }) => ({ id: name, name, kind: 'volume' as const })),
    ...networks
      .filter(({ name }) => !['bridge', 'host', 'none'].includes(name))
      .map(({ id, name }) => ({ id, name, kind: 'network' as const })),
    ...images
      .filter((image) => !isOurs(image))
      .map(({ id, tags }) => ({ id, name: tags[0] ?? id, kind: 'an-image' as const })),
  ];
  return told.filter(({ id }) => !planned.has(id));
}
