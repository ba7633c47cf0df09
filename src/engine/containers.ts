/** Containers: who is there and why they are ours, what they say, what runs inside, what became of them. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { familiarName } from '../grammar.ts';
import { isGivenName } from '../names.ts';
import { messageOf } from '../trouble.ts';
import { absentIsNull, type Guard, gone } from './answers.ts';
import { exec, withoutAsManyAsOwn, withoutOwn } from './exec.ts';
import { historyOf, wasAttached } from './history.ts';
import type { LabelsOfImage } from './images.ts';
import { openLog, readLog } from './logs.ts';
import { asFilter, hasLabels, idOf, toContainer, toListed } from './normalise.ts';
import { listIn } from './sound-answers.ts';
import { endWith, eventsOf, logLines } from './streams.ts';
import type { Engine, ListedContainer } from './types.ts';

type OfContainers = Pick<
  Engine,
  | 'container'
  | 'listed'
  | 'listedById'
  | 'publishers'
  | 'wasAttached'
  | 'lastExit'
  | 'usersOf'
  | 'exec'
  | 'logLines'
  | 'logs'
  | 'events'
  | 'removeContainer'
>;

interface Ways {
  labelsOf: LabelsOfImage;
  /** It is Podman that answers. */
  podman: boolean;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: It is one literal.
export function containersOf(docker: Docker, guard: Guard, { labelsOf, podman }: Ways): OfContainers {
  const named = <T extends ListedContainer>(each: T): T =>
    podman ? { ...each, imageRef: familiarName(each.imageRef) } : each;
  const inspect = async (idOrName: string) => {
    // The name becomes part of a request's path.
    if (!isGivenName(idOrName)) return null;
    const found = await guard(absentIsNull(docker.getContainer(idOrName).inspect().then(toContainer)));
    // Podman says of each that nothing was attached.
    return found && podman ? { ...named(found), attachable: null } : found;
  };
  const list = async (filters: string) => {
    const found = listIn('list of containers', await guard(docker.listContainers({ all: true, filters })))
      .map(toListed)
      .map(named);
    // Docker's order, also of those that were made within one second; Podman has none.
    return found.sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
  };
  const isInherited = byLabelsOfImages(labelsOf);
  /** Ids of our own execs: a watch must not be woken by the questions that it asks. */
  const ownExecs = new Set<string>();
  return {
    container: inspect,
    async listed(labels = {}) {
      const found = (await list(asFilter(labels))).filter((each) => hasLabels(each.labels, labels));
      if (Object.keys(labels).length === 0) return found;
      const inherited = await Promise.all(found.map(isInherited));
      return found.filter((_, at) => !inherited[at]);
    },
    listedById: async (ids) => (ids.length === 0 ? [] : list(JSON.stringify({ id: ids }))),
    async publishers(kept = () => false) {
      const all = await list('{}');
      const isUp = ({ status }: ListedContainer) => status === 'running' || status === 'paused';
      const down = all.filter((each) => !isUp(each) && kept(each.labels));
      const stopped = (await Promise.all(down.map(({ id }) => inspect(id)))).filter((each) => each !== null);
      const portsOf = (bindings: ListedContainer['bindings']) => bindings.map(({ hostPort }) => hostPort);
      return [
        ...all.filter(isUp).map((each) => ({ ...each, hostPorts: portsOf(each.bindings) })),
        ...stopped.map((each) => ({ ...each, hostPorts: portsOf(each.requested) })),
      ];
    },
    async wasAttached(container, at) {
      const history = await historyOf(docker, guard, container, podman);
      return wasAttached(
        history.map(({ action }) => action),
        at,
      );
    },
    async lastExit(container) {
      // What the engine tells of its end, a label of the same name hides.
      if (Object.hasOwn(container.labels, 'exitCode')) return null;
      const death = (await historyOf(docker, guard, container, podman)).findLast(
        ({ action }) => action === 'die',
      );
      return death?.exitCode ?? null;
    },
    async usersOf(volume) {
      const filters = JSON.stringify({ volume: [volume] });
      const users = listIn('list of containers', await guard(docker.listContainers({ all: true, filters })));
      return users.map(({ Id }) => idOf(Id, 'container id'));
    },
    exec: (id, command, env = {}) => guard(exec(docker, id, command, env, ownExecs)),
    async *logLines(id, signal) {
      const raw = await guard(absentIsNull(openLog(docker, id, { follow: true })));
      if (raw) yield* logLines(raw, signal);
    },
    logs: (id, part) => guard(readLog((options) => absentIsNull(openLog(docker, id, options)), part)),
    async events(signal) {
      const filters = JSON.stringify({ type: ['container', 'volume', 'image'] });
      const stream = (await guard(docker.getEvents({ filters }))) as Readable;
      endWith(stream, signal);
      return (podman ? withoutAsManyAsOwn : withoutOwn)(eventsOf(stream), ownExecs);
    },
    removeContainer: (id) => guard(removeContainer(docker, id)),
  };
}

/**
 * Tells whether all labels of ours came with a container's image: `docker commit` gives a container's to an
 * image, and so to all that is made from that. They say nothing of who made this one.
 */
function byLabelsOfImages(labelsOf: LabelsOfImage) {
  return async ({ imageId, labels }: ListedContainer): Promise<boolean> => {
    const ours = Object.entries(labels).filter(([key]) => key.startsWith('pglab.'));
    if (ours.length === 0) return false;
    const inherited = await labelsOf(imageId);
    return ours.every(([key, value]) => inherited[key] === value);
  };
}

/** Removes a container with its anonymous volumes. Where somebody else is removing it already, waits for their end. */
async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await gone(
    container.remove({ force: true, v: true }).catch((error) => {
      if (!/already in progress/.test(messageOf(error))) throw error;
      return container.wait({ condition: 'removed' });
    }),
  );
}
