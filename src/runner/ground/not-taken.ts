/** Says of what the learner has there why it is not taken: each thing once. */
import type { NoteKey } from '../../content-keys.ts';
import type { Container } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import { isId } from '../../names.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from './context.ts';
import { isAnothers, type Wanted } from './meant.ts';
import { newerThan, type Pair, type WhyNot } from './pairs.ts';

const NOT_TAKEN = {
  image: 'newer-other-image',
  port: 'newer-other-port',
  mount: 'newer-other-mount',
  password: 'newer-no-password',
  data: 'newer-other-data',
  state: 'newer-does-not-run',
  kept: 'newer-comes-late',
} as const satisfies Record<WhyNot, NoteKey>;

/** Why a newer one of the learner's is not what counts: said once of each. */
export async function* notTaken(
  context: RunContext,
  chosen: readonly Pair[],
  pairs: readonly Pair[],
): AsyncGenerator<LabEvent> {
  const { told } = context;
  const taken = new Set(chosen.map(({ container }) => container.id));
  const free = pairs.filter(
    ({ wanted: { name }, container: { id } }) => !taken.has(id) && !isAnothers(context, name, id),
  );
  for (const pair of chosen) {
    const newer = newerThan(pair, free);
    if (!newer || told.has(newer.pair.container.id)) continue;
    const { container, wanted } = newer.pair;
    told.add(container.id);
    const values = {
      ...{ name: wanted.name, container: container.name, short: shortId(container.id) },
      ...{ taken: pair.container.name, takenShort: shortId(pair.container.id) },
    };
    const isUnstarted = newer.why === 'state' && container.status === 'created';
    const note = isUnstarted ? 'newer-never-started' : NOT_TAKEN[newer.why];
    yield { type: 'noted', step: null, note, values };
  }
}

/** What would fit and is not new, where a new one is asked for: said once of each. */
export async function* notNew(
  { told }: RunContext,
  { name }: Wanted,
  containers: readonly Container[],
): AsyncGenerator<LabEvent> {
  for (const { id, name: container } of containers) {
    const key = `${name} ${id}`;
    if (told.has(key)) continue;
    told.add(key);
    yield { type: 'noted', step: null, note: 'not-new', values: { name, container, short: shortId(id) } };
  }
}

/** What the learner named as theirs, and no name of these steps is for: said once. */
export async function* fitsNothing({ said, told, world, journal }: RunContext): AsyncGenerator<LabEvent> {
  const known = new Set([
    ...world.adoptions().values(),
    ...[...journal.standing.tries.values()].flatMap(({ line: { id, volumes = [] } }) => [id, ...volumes]),
  ]);
  for (const name of said) {
    if (known.has(name) || told.has(name)) continue;
    told.add(name);
    yield { type: 'noted', step: null, note: 'adopt-fits-nothing', values: { thing: shortThing(name) } };
  }
}

/** A container's id as `docker ps` shows it; a volume's name as it is. */
function shortThing(name: string): string {
  return isId(name) ? shortId(name) : name;
}
