/**
 * How well a container that carries no label of ours fits a name of the world. Pure: it compares what
 * the step says with what the engine says.
 */
import type { Container } from '../engine/types.ts';
import { isNamedVolume } from '../engine/volumes.ts';
import { fillOpen } from '../lab/content.ts';
import type { Recognition } from '../lab/model.ts';
import type { Service } from '../lab/service.ts';
import type { Values } from '../values.ts';

/** What a container is compared with. */
export interface Surroundings {
  /** The run's image; an empty id where it is not here. */
  image: { id: string; major: number | null };
  /** What the lab's containers serve; undefined: nothing that could be told from other programs. */
  service: Service | undefined;
  /** Where that image keeps its data. */
  target: string;
  values: Values;
  /** Whether this container found its data folder initialised; null: not looked at, it may be either. */
  foundData: (container: Container) => 'new' | 'old' | null;
  /** The volume by which a name goes: a named one, or the anonymous one of a former container. */
  volumeOf: (name: string) => string | null;
  /** Names of the world that are volumes. */
  volumes: ReadonlySet<string>;
}

/** Below this, a container is what the step asks for; from here on, only near to it. */
export const FITS_BELOW = 1;
/** Below this, a container differs from what was asked only in details. */
export const FITS_WELL_BELOW = 0.35;
/** From here on, a container serves something else altogether. */
export const FOREIGN_FROM = 4;

/** What may be otherwise than asked. */
export type Aspect = 'image' | 'port' | 'mount' | 'password' | 'data' | 'state';

/**
 * 0 for what is exactly so. Each thing that is not as asked adds its weight: a tenth or two for what
 * is merely unusual, 1 and more for what a check would find wrong.
 */
export function misfit(wanted: Recognition, container: Container, around: Surroundings): number {
  return Object.values(misfits(wanted, container, around)).reduce((sum, weight) => sum + weight, 0);
}

/** How much each thing adds. */
export function misfits(
  wanted: Recognition,
  container: Container,
  around: Surroundings,
): Record<Aspect, number> {
  // A container that has just started has not said yet what it found.
  const found = around.foundData(container) ?? wanted.data;
  return {
    image: imageMisfit(wanted, container, around),
    port: portMisfit(wanted, container, around),
    mount: mountMisfit(wanted, container, around),
    password: wanted.password !== undefined && wanted.password !== passwordOf(container, around) ? 2 : 0,
    data: wanted.data !== undefined && wanted.data !== found ? 0.5 : 0,
    state: isUp(wanted, container) ? 0 : 0.3,
  };
}

/** Whether it is in the state that is asked for, or on its way there: what is to end has to run first. */
function isUp({ ended }: Recognition, { status }: Container): boolean {
  return ended ? status !== 'created' : status === 'running';
}

function imageMisfit(wanted: Recognition, container: Container, { image, service }: Surroundings): number {
  if (!service) return container.imageId === image.id ? 0 : FOREIGN_FROM;
  const major = service.container.majorOf(container.env);
  if (major === null) return FOREIGN_FROM;
  if (wanted.image === 'other') return major === image.major ? 2 : 0;
  if (container.imageId === image.id || image.id === '') return 0;
  return major === image.major ? 1 : 2;
}

function portMisfit({ publishes }: Recognition, container: Container, { values }: Surroundings): number {
  const bindings = container.bindings.length > 0 ? container.bindings : container.requested;
  if (publishes === undefined) return bindings.length > 0 ? 0.2 : 0;
  const wanted = Object.entries(publishes);
  if (wanted.length === 0) return bindings.length > 0 ? 3 : 0;
  return wanted.reduce((sum, [inside, host]) => {
    const there = bindings.filter(({ containerPort }) => containerPort === Number(inside));
    if (there.length === 0) return sum + (bindings.length > 0 ? 1.5 : 3);
    const port = Number(fillOpen(host, values));
    return sum + (there.some(({ hostPort }) => hostPort === port) ? 0 : 0.4);
  }, 0);
}

function mountMisfit({ mounts, mountsAt }: Recognition, container: Container, around: Surroundings): number {
  const named = container.mounts.filter(isNamedVolume);
  const binds = container.mounts.filter(({ type }) => type === 'bind');
  if (mountsAt !== undefined) {
    const isThere = container.mounts.some(
      ({ target }) => target === mountsAt || target.startsWith(`${mountsAt}/`),
    );
    return isThere ? 0 : 1;
  }
  if (mounts === undefined) return named.length + binds.length > 0 ? 0.2 : 0;
  const known = around.volumeOf(mounts);
  if (!around.volumes.has(mounts)) {
    if (known === null) return 0;
    return container.mounts.some(({ source }) => source === known) ? 0 : 2;
  }
  const atTarget = named.find(({ target }) => target === around.target);
  if (atTarget) return known === null || known === atTarget.source ? 0 : 0.3;
  if (named.length > 0) return 1;
  return binds.length > 0 ? 1.2 : 1.5;
}

function passwordOf({ env }: Container, { service }: Surroundings): 'given' | 'none' {
  return service?.container.hasPassword(env) ? 'given' : 'none';
}
