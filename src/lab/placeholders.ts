/** Which placeholders have a value in a run: the prose and the commands of a lab may use these and no other. */
import type { Lab } from './model.ts';
import { ADDITIONS } from './parsed-line.ts';

/** Names that have a value in a run, `other` where there is another major; worlds and checks add theirs. */
export const BASE_VALUES = [
  'run',
  'owner',
  'closed',
  'image',
  'image.id',
  'image.size',
  'image.created',
  'image.how',
  'major',
  'other',
  'other.major',
  'host',
  'machine',
  'folders',
  'root',
  'target',
  'folder',
  'engine.name',
  'engine.version',
] as const;

/** What every name of the world has a value for, while it is there. */
export const WORLD_FIELDS = ['id', 'short', 'name', 'address', 'port', 'volume', 'image'] as const;

/** Containers of the lab's world, in the order their steps make them. */
export function namesOf(lab: Lab): string[] {
  return lab.steps.flatMap(({ commands }) => commands.flatMap(({ creates }) => creates ?? []));
}

/** The placeholders that a step's commands and prose may use. */
export function placeholdersFor(lab: Lab, step: string): Set<string> {
  const known = new Set<string>([...BASE_VALUES, ...ADDITIONS]);
  for (const name of namesOf(lab)) for (const field of WORLD_FIELDS) known.add(`${name}.${field}`);
  for (const port of Object.keys(lab.settings.ports)) known.add(port);
  for (const check of lab.steps.find(({ id }) => id === step)?.checks ?? []) {
    for (const value of check.says) known.add(`${check.id}.${value}`);
  }
  return known;
}
