/** What a lab's own names are to a learner: `mapped` is the container of step 6. The names themselves are for journals and JSON. */
import type { MessageKey } from '../content-keys.ts';
import type { Values } from '../values.ts';
import type { Lab } from './model.ts';

/** `at` counts from 1 among those of its kind that the step, counted from 1, brings into being: `of` in all. */
interface Role {
  kind: 'container' | 'volume';
  step: number;
  at: number;
  of: number;
}

export type Roles = ReadonlyMap<string, Role>;

/** By name, in the order in which the steps make them; a name that two commands make is one. */
export function rolesOf({ steps }: Pick<Lab, 'steps'>): Roles {
  const roles = new Map<string, Role>();
  for (const [index, { commands, world = {} }] of steps.entries()) {
    for (const [kind, field] of [
      ['container', 'creates'],
      ['volume', 'createsVolume'],
    ] as const) {
      const names = [...new Set(commands.flatMap((command) => command[field] ?? []))];
      // Containers that nobody makes by hand are not counted.
      const counted = names.filter((name) => Object.hasOwn(world, name));
      for (const [at, name] of names.entries()) {
        const among = counted.includes(name) ? counted : names;
        const place = among === counted ? counted.indexOf(name) : at;
        if (!roles.has(name)) roles.set(name, { kind, step: index + 1, at: place + 1, of: among.length });
      }
    }
  }
  return roles;
}

/** In words: "the container of step 6", "the second container of step 10". */
export function roleInWords(
  { kind, step, at, of }: Role,
  say: (key: MessageKey, values?: Values) => string,
): string {
  if (of === 1) return say(kind === 'volume' ? 'role-volume' : 'role-container', { step });
  const ordinal = say('ordinals').split(/, |，/)[at - 1] ?? `${at}.`;
  return say(kind === 'volume' ? 'role-volume-of' : 'role-container-of', { step, ordinal });
}

/** As a title: "step 6", "step 10, second". Of a name that the lab does not have, the name itself. */
export function roleInBrief(
  roles: Roles,
  name: string,
  say: (key: MessageKey, values?: Values) => string,
): string {
  const role = roles.get(name);
  if (role === undefined) return name;
  const ordinal = say('ordinals').split(/, |，/)[role.at - 1] ?? `${role.at}.`;
  return role.of === 1
    ? say('role-step', { step: role.step })
    : say('role-step-of', { step: role.step, ordinal });
}
