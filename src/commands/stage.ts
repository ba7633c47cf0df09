/**
 * Sets the stage for a run: journal, engine, image, world. What happens on the way is events like
 * everything else, so that it is journaled, shown and reported in the same way.
 */

import { randomBytes } from 'node:crypto';
import type { Asker } from '../asker.ts';
import { bringUp, builtIn, whyNotHere } from '../engine/builtin.ts';
import {
  cliEnvironment,
  type Endpoint,
  isLocal,
  publishedHost,
  resolveEndpoint,
} from '../engine/endpoint.ts';
import type { Engine } from '../engine/types.ts';
import { journalFile, newRunId, openHome, rememberRun, runFolder } from '../home.ts';
import type { JournalLine, LabEvent } from '../journal/events.ts';
import { labChange, requireSameLab } from '../journal/lab-of-run.ts';
import { live } from '../journal/live.ts';
import { type Journal, openJournal } from '../journal/record.ts';
import { damageOf } from '../journal/standing.ts';
import { fingerprintOf, type LabFolders } from '../lab/find.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab } from '../lab/model.ts';
import { takeLock } from '../lock.ts';
import { packageVersion } from '../package-root.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { meantBy } from '../runner/ground/whose.ts';
import { hasTool } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import { World } from '../world/world.ts';
import type { Desk } from './desk.ts';
import { pinEngine } from './pinning.ts';
import { findImage } from './run-image.ts';
import type { Settings } from './settings.ts';

/** The opened journal of a run that is ours to write. */
export interface OpenRun {
  lab: Lab;
  folders: LabFolders;
  /** What the lab's files come to now. */
  fingerprint: string;
  run: string;
  homeId: string;
  folder: string;
  journal: Journal;
  /** The journal's first line, where this process wrote it. */
  begun: JournalLine | null;
  /** The seq of the last line that the journal had before. */
  since: number;
  close(): void;
}

export async function openRun(desk: Desk): Promise<OpenRun> {
  const { settings } = desk;
  const lab = await loadLab(desk.folders);
  const home = openHome(settings.home);
  const run = desk.run ?? newRunId(new Date());
  const folder = runFolder(home.folder, run);
  const lock = takeLock(folder, run);
  try {
    const journal = openJournal(journalFile(home.folder, run), settings.participant, lock.isHeld);
    const { standing } = journal;
    requireSameLab(run, lab.id, standing);
    const since = standing.seq;
    const fingerprint = fingerprintOf(desk.folders);
    let begun: JournalLine | null = null;
    if (standing.begun === null) {
      const version = packageVersion();
      const id = randomBytes(6).toString('hex');
      begun = journal.append({
        ...{ type: 'run-started', lab: lab.id, content: fingerprint, pglab: version, journal: id },
      });
    }
    rememberRun(home.folder, lab.id, run);
    return {
      lab,
      folders: desk.folders,
      fingerprint,
      run,
      homeId: home.id,
      folder,
      journal,
      begun,
      since,
      close() {
        journal.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
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
  /** What the learner says is theirs: names or ids of containers, names of volumes. */
  adopt: readonly string[];
  /** Brings nothing up and fetches nothing. */
  looksOnly: boolean;
  signal: AbortSignal;
}

/** Yields what happens, returns what the runner needs. */
export async function* setStage(options: StageOptions): AsyncGenerator<LabEvent, RunContext> {
  const { open, settings, signal } = options;
  const ids = open.lab.steps.map(({ id }) => id);
  for (const each of damageOf(ids, open.journal)) yield { type: 'noted', step: null, ...each };
  yield* otherVersion(open);
  yield* aboutLab(open);
  const engine = yield* findEngine(options);
  if (!options.looksOnly && !(hasTool('docker') && hasTool('bash'))) throw new Trouble('no-docker-cli');
  yield* pinEngine(open, engine);
  const said = await meantBy(engine, options.adopt);
  const { image, ref } = yield* findImage(options, engine);
  const endpoint = engine.endpoint;
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
    sources: { mirror: settings.mirror, tarballs: settings.tarballs },
    ports: settings.port === null ? {} : { port: settings.port },
    cliEnv: cliEnvironment(endpoint),
    learnersEndpoint: await learnersEndpoint(),
    learnersPassword: settings.password,
    host: publishedHost(endpoint),
    local: isLocal(endpoint),
    said,
    told: new Set(),
    ask: options.ask,
    interactive: options.interactive,
    since: open.since,
    serverMarks: new Map(),
    volumePasswords: new Map(),
    learnerHasCtrlC: false,
    signal,
  };
}

/** Two versions of pglab may share a home: what one began, the other says that it goes on with. */
function* otherVersion({ journal }: OpenRun): Generator<LabEvent> {
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

/** The engine of the endpoint; where nothing is set and nothing is there, the built-in one. */
async function* findEngine({
  settings,
  mayBringUp,
  looksOnly,
}: StageOptions): AsyncGenerator<LabEvent, Engine> {
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
async function learnersEndpoint(): Promise<Endpoint | null> {
  return resolveEndpoint({ env: process.env, builtInSocket: '' }).catch(() => null);
}

/** For verbs that only look: the engine, or trouble; nothing is brought up. */
export async function engineFor(settings: Settings): Promise<Engine> {
  const endpoint = await endpointOf(settings);
  if (!endpoint) throw new Trouble('engine-none');
  const { connectEngine } = await import('../engine/connect.ts');
  return connectEngine(endpoint);
}
