/** Volumes: their names, and what lies in them. */
import { posix } from 'node:path';

export interface Volume {
  name: string;
  labels: Record<string, string>;
  /** True where nobody gave it a name: docker's own 64 hex digits. */
  anonymous: boolean;
}

/** Where nobody gave a name, docker makes up 64 hex digits. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume);
}

/** A mount of a volume that somebody gave a name. */
export function isNamedVolume({ type, source }: { type: string; source: string }): boolean {
  return type === 'volume' && !isAnonymous(source);
}

/** Whether what lies in a folder of a container lies in what is mounted at `target`. */
export function isHeldBy(target: string, folder: string): boolean {
  const [above, below] = [posix.normalize(`${target}/`), posix.normalize(`${folder}/`)];
  return below.startsWith(above);
}

/** Mount targets, the one that holds this folder first: an image may name volumes for other things, too. */
export function holdingFirst(targets: readonly string[], folder: string | undefined): string[] {
  const holds = (target: string) => folder !== undefined && isHeldBy(target, folder);
  const nearest = targets.filter(holds).sort((a, b) => b.length - a.length);
  return [...nearest, ...targets.filter((target) => !holds(target))];
}
