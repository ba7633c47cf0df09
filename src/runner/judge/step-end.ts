/** How each step ends: with a lean picture of the world, and with its outcome. */
import type { NoteKey } from '../../content-keys.ts';
import type { ListedContainer } from '../../engine/types.ts';
import { listenersOf } from '../../host.ts';
import type { JournalEvent, Judged, LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import type { StepOutcome } from '../../outcome.ts';
import { shortId } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import { waysTried } from '../../world/tries-made.ts';
import type { RunContext } from '../ground/context.ts';
import { valuesOf } from '../ground/run-values.ts';

type Seen = Extract<JournalEvent, { type: 'seen' }>;
type Picture = Omit<Seen, 'type' | 'step' | 'tries'>;
/** The picture of several steps between which nothing runs: drawn once, for the first. */
export interface Pictures {
  drawn?: Picture;
}

/** As the schema of `seen` has them. */
const MOST = { each: 24, ports: 8 };

export interface StepEnd {
  /** `checked`: nothing of it was run by us. */
  type: 'step-ended' | 'checked';
  outcome: StepOutcome;
  reason: NoteKey | null;
  judged: readonly Judged[];
  /** As performance.now() gave it. */
  started: number;
  /** The world that the verdicts saw. */
  seen: Snapshot;
}

/** What was seen, and the end. */
export async function* endStep(
  context: RunContext,
  step: Step,
  { type, outcome, reason, judged, started, seen }: StepEnd,
  pictures: Pictures = {},
): AsyncGenerator<LabEvent> {
  if (outcome !== 'skipped') {
    pictures.drawn ??= await pictureOf(context, seen);
    yield {
      type: 'seen',
      step: step.id,
      ...pictures.drawn,
      tries: waysTried(step, judged).slice(0, MOST.each),
    };
  }
  const values = valuesOf(context, seen);
  const durationMs = Math.round(performance.now() - started);
  const end = { step: step.id, outcome, reason, durationMs, values };
  yield type === 'checked' ? { type, ...end } : { type, ...end };
}

/** The world at this moment, as far as these containers and this machine show it. */
async function pictureOf(context: RunContext, seen: Snapshot): Promise<Picture> {
  const client = context.lab.settings.service?.client;
  const there = [...seen.byName()].slice(0, MOST.each);
  const ports = there.flatMap(([, { bindings }]) => bindings.map(({ hostPort }) => hostPort));
  const listeners = context.local ? await listenersOf(ports) : new Map<number, string>();
  return {
    containers: there.map(([world, container]) => ({
      ...{ id: shortId(container.id), name: container.name, world },
      ...{ image: container.imageRef, state: container.status },
      ports: container.bindings.slice(0, MOST.ports).map(({ containerPort, hostPort, hostIp }) => ({
        ...{ container: containerPort, host: hostPort, ip: hostIp },
        listener: listeners.get(hostPort) ?? null,
      })),
    })),
    volumes: await volumesOf(context, there),
    sockets: context.local ? (client?.socketFiles(ports) ?? []).slice(0, MOST.each) : [],
  };
}

/** Volumes that these containers mount, and those of this run that nobody mounts: each with the containers that have it. */
async function volumesOf(
  { engine, journal }: RunContext,
  containers: readonly (readonly [string, ListedContainer])[],
): Promise<Picture['volumes']> {
  const users = new Map<string, string[]>();
  for (const [world, { mounts }] of containers) {
    for (const { type, source } of mounts)
      if (type === 'volume') users.set(source, [...(users.get(source) ?? []), world]);
  }
  const names = new Map<string, string>();
  for (const { kind, name, volume } of journal.standing.things.all) {
    if (volume !== null && (kind === 'volume' || !names.has(volume))) names.set(volume, name);
  }
  const unused = [...names.keys()].filter((volume) => !users.has(volume));
  // Only what nobody mounts has to be asked for.
  const [all, holders] =
    unused.length > 0 ? await Promise.all([engine.volumes(), engine.listed()]) : [[], []];
  // A container that the learner tried may have lost its name in the world, and still have the volume.
  const holdersOf = (volume: string) =>
    holders.filter(({ mounts }) => mounts.some(({ source }) => source === volume));
  for (const { name } of all)
    if (unused.includes(name))
      users.set(
        name,
        holdersOf(name).map(({ id }) => shortId(id)),
      );
  return [...users]
    .slice(0, MOST.each)
    .map(([name, by]) => ({ name, world: names.get(name) ?? null, users: by }));
}
