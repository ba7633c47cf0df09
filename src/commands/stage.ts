/**
 * Sets the stage for a run: journal, engine, image, world. What happens on the way is events like
 * everything else, so that it is journaled, shown and reported in the same way.
 */
import { bringUp, builtIn, whyNotHere } from '../engine/builtin.ts';
import { cliEnvironment, isLocal, publishedHost, resolveEndpoint } from '../engine/endpoint.ts';
import type { Endpoint, Engine } from '../engine/types.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab } from '../lab/model.ts';
import { packageVersion } from '../package-root.ts';
import type { Asker, RunContext } from '../runner/context.ts';
import type { LabEvent, PinnedImage } from '../runner/events.ts';
import { journalFile, newRunId, openHome, rememberRun, runFolder } from '../runner/home.ts';
import { type Journal, openJournal } from '../runner/journal.ts';
import { live } from '../runner/live.ts';
import { takeLock } from '../runner/lock.ts';
import { obtainImage, otherMajor } from '../runner/obtain.ts';
import { World } from '../runner/world.ts';
import { Trouble } from '../trouble.ts';
import type { Desk } from './desk.ts';
import type { Settings } from './settings.ts';

/** The opened journal of a run that is ours to write. */
export interface OpenRun {
  lab: Lab;
  run: string;
  homeId: string;
  folder: string;
  journal: Journal;
  close(): void;
}

export async function openRun(desk: Desk): Promise<OpenRun> {
  const { settings } = desk;
  const lab = await loadLab(desk.folders);
  const home = openHome(settings.home);
  const run = desk.run ?? newRunId(new Date());
  const folder = runFolder(home.folder, run);
  const unlock = takeLock(folder, run);
  try {
    const journal = openJournal(journalFile(home.folder, run), settings.participant);
    if (!journal.events.some(({ type }) => type === 'run-started')) {
      const version = packageVersion();
      journal.append({ type: 'run-started', lab: lab.id, content: version, pglab: version });
    }
    rememberRun(home.folder, run);
    return {
      lab,
      run,
      homeId: home.id,
      folder,
      journal,
      close() {
        journal.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

export interface StageOptions {
  open: OpenRun;
  settings: Settings;
  ask: Asker;
  /** Asked before an engine is brought up, where somebody can be asked. */
  mayBringUp: () => Promise<boolean>;
  interactive: boolean;
  signal: AbortSignal;
}

/** Yields what happens, returns what the runner needs. */
export async function* setStage(options: StageOptions): AsyncGenerator<LabEvent, RunContext> {
  const { open, settings, signal } = options;
  const engine = yield* findEngine(options);
  yield* pinEngine(open, engine);
  const { image, ref } = yield* findImage(options, engine);
  const endpoint = engine.endpoint;
  const owner = { run: open.run, home: open.homeId };
  return {
    lab: open.lab,
    owner,
    folder: open.folder,
    engine,
    world: new World(engine, owner, open.journal.events),
    journal: open.journal,
    imageRef: ref,
    image,
    other: await otherMajor(engine, image),
    ports: settings.port === null ? {} : { port: settings.port },
    cliEnv: cliEnvironment(endpoint),
    host: publishedHost(endpoint),
    local: isLocal(endpoint),
    ask: options.ask,
    interactive: options.interactive,
    systemIds: new Map(),
    volumePasswords: new Map(),
    learnerHasCtrlC: false,
    signal,
  };
}

/** The engine of the endpoint; where nothing is set and nothing is there, the built-in one. */
async function* findEngine({ settings, mayBringUp }: StageOptions): AsyncGenerator<LabEvent, Engine> {
  const own = builtIn(settings.home);
  const endpoint = endpointOf(settings);
  const { connectEngine } = await import('../engine/connect.ts');
  if (endpoint) {
    try {
      return await connectEngine(endpoint);
    } catch (error) {
      // A socket that a dead engine of ours, or nobody, left behind names nothing.
      const named = endpoint.from !== 'built-in' && endpoint.from !== 'default-socket';
      if (named || whyNotHere(own)) throw error;
    }
  }
  const trouble = whyNotHere(own);
  if (trouble) throw trouble;
  if (!(await mayBringUp())) throw new Trouble('engine-none');
  yield* live((emit) =>
    bringUp(own, (line) => emit({ type: 'progress', stage: 'engine-line', values: { line } })),
  );
  yield { type: 'noted', step: null, note: 'engine-brought-up', values: { home: settings.home } };
  return connectEngine({ url: `unix://${own.socket}`, from: 'built-in' });
}

export function endpointOf(settings: Settings): Endpoint | null {
  return resolveEndpoint({
    host: settings.host ?? undefined,
    env: process.env,
    builtInSocket: builtIn(settings.home).socket,
  });
}

/** For verbs that only look: the engine, or trouble; nothing is brought up. */
export async function engineFor(settings: Settings): Promise<Engine> {
  const endpoint = endpointOf(settings);
  if (!endpoint) throw new Trouble('engine-none');
  const { connectEngine } = await import('../engine/connect.ts');
  return connectEngine(endpoint);
}

/** A run belongs to the engine it began on. */
function* pinEngine({ journal, run }: OpenRun, engine: Engine): Generator<LabEvent> {
  const pinned = journal.events.findLast((event) => event.type === 'engine-pinned');
  if (pinned?.type === 'engine-pinned' && pinned.engine.id !== engine.info.id) {
    throw new Trouble('engine-changed', { run, was: pinned.engine.endpoint, is: engine.info.endpoint });
  }
  yield { type: 'engine-pinned', engine: engine.info };
}

async function* findImage(
  { open, settings, signal }: StageOptions,
  engine: Engine,
): AsyncGenerator<LabEvent, { image: RunContext['image']; ref: string }> {
  const pinned = pinnedImage(open.journal);
  const ref = settings.image ?? pinned?.ref ?? open.lab.settings.image ?? 'postgres';
  if (pinned) {
    const kept = await engine.image(pinned.id);
    const now = await engine.image(ref);
    if (kept && now && kept.id !== now.id) {
      if (settings.image !== null && settings.image !== pinned.ref) {
        throw new Trouble('image-differs', { run: open.run, pinned: pinned.ref, asked: ref });
      }
      const short = kept.id.replace('sha256:', '').slice(0, 12);
      yield {
        type: 'noted',
        step: null,
        note: 'tag-moved',
        values: { ref, was: short, is: now.id.replace('sha256:', '').slice(0, 12) },
      };
      yield { type: 'image-pinned', image: pinned, how: 'local' };
      return { image: kept, ref: short };
    }
    if (!kept)
      yield { type: 'noted', step: null, note: 'image-gone', values: { ref, was: pinned.id.slice(7, 19) } };
  }
  const { image, how } = yield* obtainImage(engine, {
    ref,
    mirror: settings.mirror,
    tarballs: settings.tarballs,
    signal,
  });
  const usable = (await engine.image(ref)) ? ref : (image.tags[0] ?? image.id);
  if (!pinned || how !== 'local')
    yield { type: 'noted', step: null, note: `image-${how}`, values: { ref: usable } };
  yield {
    type: 'image-pinned',
    image: { ref: usable, id: image.id, postgresMajor: image.postgresMajor },
    how,
  };
  return { image, ref: usable };
}

function pinnedImage({ events }: Pick<Journal, 'events'>): PinnedImage | null {
  const pinned = events.findLast((event) => event.type === 'image-pinned');
  return pinned?.type === 'image-pinned' ? pinned.image : null;
}
