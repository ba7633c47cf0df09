/**
 * Sets the stage for a run: journal, engine, image, world. What happens on the way is events like
 * everything else, so that it is journaled, shown and reported in the same way.
 */

import type { Asker } from '../asker.ts';
import type { NoteKey } from '../content-keys.ts';
import { cliEnvironment, isInClear } from '../engine/endpoint.ts';
import { type Place, placeOf } from '../engine/place.ts';
import { isDockerPodman, isPodman, podmanEnvironment } from '../engine/podman.ts';
import type { Engine } from '../engine/types.ts';
import { damageOf } from '../journal/damage.ts';
import type { LabEvent } from '../journal/events.ts';
import { labChange } from '../journal/lab-of-run.ts';
import { packageVersion } from '../package-root.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { meantBy } from '../runner/ground/whose.ts';
import { hasTool, loadShell } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import { shortId } from '../values.ts';
import { World } from '../world/world.ts';
import { sourcesOf } from './image-sources.ts';
import type { OpenRun } from './open-run.ts';
import { pinEngine } from './pinning.ts';
import { findEngine, learnersEndpoint } from './reach-engine.ts';
import { findImage } from './run-image.ts';
import type { Settings } from './settings.ts';

export interface StageOptions {
  open: OpenRun;
  settings: Settings;
  ask: Asker;
  /** Asked before an engine is brought up, where somebody can be asked. */
  mayBringUp: () => Promise<boolean>;
  /** Which of several engines that nobody named, by index; 0 where nobody can be asked. */
  whichEngine: (engines: readonly string[]) => Promise<number>;
  interactive: boolean;
  /** What the learner says is theirs: names or ids of containers, names of volumes. */
  adopt: readonly string[];
  /** Brings nothing up and fetches nothing. */
  looksOnly: boolean;
  signal: AbortSignal;
}

/** Yields what happens, returns what the runner needs. */
export async function* setStage(options: StageOptions): AsyncGenerator<LabEvent, RunContext> {
  const { open, settings, signal } = options;
  yield* aboutRun(open);
  yield* aboutLab(open);
  // Behind the first question to the engine, and loaded while it is answered.
  if (!options.looksOnly) setImmediate(() => void loadShell());
  const engine = yield* findEngine(options);
  if (!options.looksOnly && !(hasTool('docker') && hasTool('bash'))) throw new Trouble('no-docker-cli');
  const place = await placeOf(engine, settings.publishedHost);
  yield* pinEngine(open, engine, place);
  yield* aboutWay(open, engine, place);
  const said = await meantBy(engine, options.adopt);
  const { image, ref } = yield* findImage(options, engine);
  const owner = { run: open.run, home: open.homeId, lab: open.lab.id };
  return {
    lab: open.lab,
    owner,
    folder: open.folder,
    engine,
    world: new World(engine, owner, open.journal.standing, open.lab.settings.service),
    journal: open.journal,
    imageRef: ref,
    image,
    other: undefined,
    sources: sourcesOf(settings),
    ports: settings.port === null ? {} : { port: settings.port },
    cliEnv: { ...cliEnvironment(engine.endpoint), ...podmanEnvironment(engine.endpoint) },
    labelsVolumes: options.looksOnly || !(isPodman(engine.info) && (await isDockerPodman())),
    learnersEndpoint: await learnersEndpoint(),
    learnersPassword: settings.password,
    ...seenFrom(place, open),
    said,
    told: new Set(),
    ask: options.ask,
    interactive: options.interactive,
    since: open.since,
    isQuiet: false,
    serverMarks: new Map(),
    volumePasswords: new Map(),
    hearsCtrlC: null,
    signal,
  };
}

/** What the run knows of the ways to this engine before it has tried any. */
function seenFrom(place: Place, { journal: { standing } }: OpenRun) {
  const local = place.is === 'here';
  return {
    ...{ place, host: place.host, local, mountsFolders: local ? standing.seesFolders : false },
    ...{ unreached: new Map(), silentAddresses: new Set<string>(), created: new Map() },
  };
}

/** That another process has it, what is damaged, and that another version began it: two of them may share a home. */
function* aboutRun({ lab, journal, held }: OpenRun): Generator<LabEvent> {
  if (held) yield { type: 'noted', step: null, note: 'looked-on', values: held.values };
  const ids = lab.steps.map(({ id }) => id);
  for (const each of damageOf(ids, journal)) yield { type: 'noted', step: null, ...each };
  const { begun } = journal.standing;
  const is = packageVersion();
  if (begun === null || begun.pglab === is) return;
  yield { type: 'noted', step: null, note: 'other-version', values: { was: begun.pglab, is } };
}

/** A lab of others is code that runs here: once a run it is said where it lies. And one that has changed is said. */
function* aboutLab({ journal, folders, fingerprint }: OpenRun): Generator<LabEvent> {
  const { id: lab, steps: folder } = folders;
  const { standing } = journal;
  if (!folders.bundled && !standing.saidFolders.has(folder))
    yield { type: 'noted', step: null, note: 'lab-outside', values: { lab, folder } };
  const change = labChange(standing, fingerprint);
  if (change) yield { type: 'noted', step: null, ...change };
}

/** Once a run: that all goes in clear text over a network, and that published ports are not this machine's. */
function* aboutWay(
  { journal: { standing } }: OpenRun,
  { endpoint }: Engine,
  { is, host, inside }: Place,
): Generator<LabEvent> {
  const isNew = (note: NoteKey) => !standing.saidOfWay.has(`${note} ${endpoint.url}`);
  const values = { endpoint: endpoint.url, host, id: shortId(inside ?? '') };
  const notes: NoteKey[] = [
    ...(isInClear(endpoint) ? (['engine-in-clear'] as const) : []),
    ...(is === 'around' ? (['engine-around'] as const) : []),
  ];
  for (const note of notes.filter(isNew)) yield { type: 'noted', step: null, note, values };
}
