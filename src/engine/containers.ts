/** Containers: who is there and why they are ours, what they say, what runs inside, what became of them. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { messageOf } from '../trouble.ts';
import { absentIsNull, type Guard, gone } from './answers.ts';
import { exec, withoutOwn } from './exec.ts';
import { historyOf } from './history.ts';
import { asFilter, toContainer } from './normalise.ts';
import { demultiplexed, endWith, eventsOf, logLines } from './streams.ts';
import type { Engine, LabelFilter } from './types.ts';

type OfContainers = Pick<
  Engine,
  | 'container'
  | 'containers'
  | 'listed'
  | 'publishers'
  | 'containersWithout'
  | 'wasAttached'
  | 'lastExit'
  | 'usersOf'
  | 'exec'
  | 'logLines'
  | 'logs'
  | 'events'
  | 'removeContainer'
>;

export function containersOf(docker: Docker, guard: Guard): OfContainers {
  const inspect = (id: string) => guard(absentIsNull(docker.getContainer(id).inspect().then(toContainer)));
  const inspectAll = async (listed: { Id: string }[]) =>
    (await Promise.all(listed.map(({ Id }) => inspect(Id)))).filter((container) => container !== null);
  const isInherited = byLabelsOfImages(docker, guard);
  const listed = async (labels: LabelFilter) => {
    const found = await guard(docker.listContainers({ all: true, filters: asFilter(labels) }));
    if (Object.keys(labels).length === 0) return found;
    const inherited = await Promise.all(found.map(isInherited));
    return found.filter((_, at) => !inherited[at]);
  };
  /** Execs of ours: whoever waits for a change must not be woken by their own looking. */
  const ownExecs = new Set<string>();
  return {
    container: inspect,
    containers: async (labels = {}) => inspectAll(await listed(labels)),
    async listed(labels) {
      return (await listed(labels)).map((each) => ({
        id: each.Id,
        name: nameOf(each),
        labels: each.Labels ?? {},
      }));
    },
    async publishers(kept = () => false) {
      const all = await guard(docker.listContainers({ all: true }));
      const isUp = ({ State }: { State: string }) => /^(running|paused)$/.test(State);
      const stopped = await inspectAll(all.filter((each) => !isUp(each) && kept(each.Labels ?? {})));
      return [
        ...all.filter(isUp).map(({ Names, Labels, Ports }) => ({
          name: nameOf({ Names }),
          labels: Labels ?? {},
          hostPorts: Ports.flatMap(({ PublicPort }) => PublicPort ?? []),
        })),
        ...stopped.map(({ name, labels, requested }) => ({
          name,
          labels,
          hostPorts: requested.map(({ hostPort }) => hostPort),
        })),
      ];
    },
    async containersWithout(label) {
      const found = await guard(docker.listContainers({ all: true }));
      return inspectAll(found.filter(({ Labels }) => !(label in (Labels ?? {}))));
    },
    async wasAttached(container) {
      const actions = (await historyOf(docker, guard, container)).map(({ action }) => action);
      return actions.includes('create') ? actions.includes('attach') : null;
    },
    async lastExit(container) {
      const death = (await historyOf(docker, guard, container)).findLast(({ action }) => action === 'die');
      return death ? Number(death.attributes.exitCode) : null;
    },
    async usersOf(volume) {
      const filters = JSON.stringify({ volume: [volume] });
      return (await guard(docker.listContainers({ all: true, filters }))).map(({ Id }) => Id);
    },
    exec: (id, command, env = {}) => guard(exec(docker, id, command, env, ownExecs)),
    async *logLines(id, signal) {
      const raw = await guard(
        absentIsNull(docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true })),
      );
      if (raw) yield* logLines(docker, raw as unknown as Readable, signal);
    },
    async logs(id) {
      const raw = await guard(absentIsNull(docker.getContainer(id).logs({ stdout: true, stderr: true })));
      return raw === null ? '' : demultiplexed(raw as unknown as Buffer);
    },
    async events(signal) {
      const filters = JSON.stringify({ type: ['container', 'volume', 'image'] });
      const stream = (await guard(docker.getEvents({ filters }))) as Readable;
      endWith(stream, signal);
      return withoutOwn(eventsOf(stream), ownExecs);
    },
    removeContainer: (id) => guard(removeContainer(docker, id)),
  };
}

/**
 * Tells whether all labels of ours came with a container's image: `docker commit` gives a container's to an
 * image, and so to all that is made from that. They say nothing of who made this one.
 */
function byLabelsOfImages(docker: Docker, guard: Guard) {
  const labelsOfImage = new Map<string, Promise<Record<string, string>>>();
  return async ({ ImageID, Labels }: Docker.ContainerInfo): Promise<boolean> => {
    const ours = Object.entries(Labels ?? {}).filter(([key]) => key.startsWith('pglab.'));
    const inspected = () => guard(absentIsNull(docker.getImage(ImageID).inspect()));
    const known = labelsOfImage.get(ImageID) ?? inspected().then((image) => image?.Config?.Labels ?? {});
    labelsOfImage.set(ImageID, known);
    const inherited = await known;
    return ours.length > 0 && ours.every(([key, value]) => inherited[key] === value);
  };
}

function nameOf({ Names }: Pick<Docker.ContainerInfo, 'Names'>): string {
  return (Names[0] ?? '').replace(/^\//, '');
}

/** With its anonymous volumes. Where somebody else is removing it just now, their end is waited for. */
async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await gone(
    container.remove({ force: true, v: true }).catch((error) => {
      if (!/already in progress/.test(messageOf(error))) throw error;
      return container.wait({ condition: 'removed' });
    }),
  );
}
