/**
 * The world of a run: its containers and volumes, found on the engine by label, never from memory.
 * What the learner made by hand carries no label; the journal says which of it was adopted under a
 * name. For what is gone, the journal alone still knows.
 */

import type { Container, Engine, LabelFilter } from '../engine/types.ts';
import { withoutLast } from '../grammar.ts';
import type { Standing } from '../journal/standing.ts';
import type { Thing } from '../journal/things.ts';
import type { Service } from '../lab/service.ts';
import { LABEL } from '../names.ts';
import { Trouble } from '../trouble.ts';
import { Snapshot } from './snapshot.ts';

export interface Owner {
  run: string;
  /** The home's random id. */
  home: string;
  /** The lab's id: a run belongs to one lab. */
  lab: string;
}

export function labelsFor(owner: Owner, step: string, name: string): Record<string, string> {
  return {
    [LABEL.run]: owner.run,
    [LABEL.home]: owner.home,
    [LABEL.lab]: owner.lab,
    [LABEL.step]: step,
    [LABEL.name]: name,
  };
}

function ownerFilter(owner: Owner): LabelFilter {
  return { [LABEL.run]: owner.run, [LABEL.home]: owner.home };
}

/** Whether a thing of this run is of this lab; what 0.2.0 made says nothing of a lab, and is. */
export function isOfLab(labels: Readonly<Record<string, string>>, lab: string): boolean {
  return labels[LABEL.lab] === undefined || labels[LABEL.lab] === lab;
}

/**
 * What was there before the run, by the names as which it is judged: it is in no journal, and nothing of it is used.
 */
export interface Guests {
  containers: ReadonlyMap<string, string>;
  volumes: ReadonlyMap<string, string>;
}

export const NO_GUESTS: Guests = { containers: new Map(), volumes: new Map() };

export class World {
  readonly #engine: Engine;
  readonly #owner: Owner;
  readonly #standing: Standing;
  /** Names of environment that an image also reads from a file. */
  readonly #settings: readonly string[];
  /** What is judged and no more: ids of containers and names of volumes, by their name in the world. */
  #guests: Guests = NO_GUESTS;

  constructor(engine: Engine, owner: Owner, standing: Standing, service?: Service) {
    this.#engine = engine;
    this.#owner = owner;
    this.#standing = standing;
    this.#settings = Object.values(service?.container.settings ?? {});
  }

  /** Everything of this run that is on the engine now. */
  async snapshot(): Promise<Snapshot> {
    const engine = this.#engine;
    const settings = this.#settings;
    const adoptions = this.adoptions();
    const guests = this.#guests.containers;
    const [ours, theirs] = await Promise.all([
      engine.listed(ownerFilter(this.#owner)),
      engine.listedById([...adoptions.values(), ...guests.values()]),
    ]);
    const byId = new Map(theirs.map((container) => [container.id, container]));
    const there = (names: ReadonlyMap<string, string>) =>
      new Map(
        [...names].flatMap(([name, id]) => {
          const container = byId.get(id);
          return container ? [[name, container] as const] : [];
        }),
      );
    return new Snapshot({
      ours: ours
        .filter(({ labels }) => isOfLab(labels, this.#owner.lab))
        .map((container) => ({ name: container.labels[LABEL.name] ?? '', container })),
      adopted: there(adoptions),
      guests: there(guests),
      async inspect({ id }, isOurs) {
        const container = await engine.container(id);
        return isOurs || container === null ? container : withFileSettings(engine, container, settings);
      },
    });
  }

  /** Has these judged as well from now on, in place of those that were given before. */
  judgeToo(guests: Guests): void {
    this.#guests = guests;
  }

  /** As `volume`; where there is none, one that is only judged. */
  async volumeToJudge(name: string): Promise<string | null> {
    return (await this.volume(name)) ?? this.#guests.volumes.get(name) ?? null;
  }

  /** Whether what was adopted under this name only came near: it may be anything of the learner's. */
  isNear(name: string): boolean {
    const last = this.#last(name, 'adopted');
    return last?.type === 'adopted' && last.near === true;
  }

  /** Names and ids of the learner's own containers, as last adopted. */
  adoptions(): Map<string, string> {
    return this.#standing.things.adoptions();
  }

  /** The volume that was given a name in the world (not the anonymous one of a container). */
  async volume(name: string): Promise<string | null> {
    return (await this.ourVolume(name)) ?? this.#adoptedVolume(name);
  }

  /** As `volume`, if the engine still has it. */
  async existingVolume(name: string): Promise<string | null> {
    const ours = await this.ourVolume(name);
    const volume = ours ?? this.#adoptedVolume(name);
    if (volume === null || volume === ours) return volume;
    return (await this.#engine.volumes()).some((each) => each.name === volume) ? volume : null;
  }

  #adoptedVolume(name: string): string | null {
    return this.#standing.things.last(name, { type: 'adopted', kind: 'volume' })?.id ?? null;
  }

  async ourVolume(name: string): Promise<string | null> {
    const found = await this.#engine.volumes({ ...ownerFilter(this.#owner), [LABEL.name]: name });
    const { lab } = this.#owner;
    return found.find(({ anonymous, labels }) => !anonymous && isOfLab(labels, lab))?.name ?? null;
  }

  /** The last container of this name that this run made or adopted, alive or not. */
  formerId(name: string): string | null {
    return this.#last(name)?.id ?? null;
  }

  /** As `formerId`; where there was none, of what is only judged. */
  idToJudge(name: string): string | null {
    return this.formerId(name) ?? this.#guests.containers.get(name) ?? null;
  }

  /** The anonymous volume that container had. */
  formerVolume(name: string): string | null {
    return this.#last(name)?.volume ?? null;
  }

  /** The last container of this name that we made ourselves, alive or not. */
  lastMade(name: string): { id: string; volume: string | null } | null {
    return this.#last(name, 'made');
  }

  #last(name: string, type?: Thing['type']): Thing | null {
    return this.#standing.things.last(name, { kind: 'container', ...(type && { type }) });
  }
}

/** Bytes of a file with a password in it, or a name. */
const LONGEST = 4096;

/**
 * With the contents of the files that `NAME_FILE` names in place, a container's environment says what its
 * server was made with, however it was told.
 */
async function withFileSettings(
  engine: Engine,
  container: Container,
  names: readonly string[],
): Promise<Container> {
  const env = { ...container.env };
  for (const name of names) {
    const file = env[`${name}_FILE`];
    if (!file || env[name] || container.status !== 'running') continue;
    const read = await engine.exec(container.id, ['head', '-c', String(LONGEST + 1), file]).catch((error) => {
      // That it ended just now is for the checks to find.
      if (error instanceof Trouble) throw error;
      return null;
    });
    // A device or a database in its place is no setting; newlines at its end a shell's $(…) would leave out.
    if (read?.exitCode !== 0 || read.stdout.length > LONGEST || read.stdout.includes('\0')) continue;
    env[name] = withoutLast(read.stdout, '\n');
  }
  return { ...container, env };
}
