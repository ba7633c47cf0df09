import { isGivenName } from '../names.ts';
import { Usage } from '../trouble.ts';

/** What `--adopt` names: a container by its name or id, a volume by its name; several with commas between. */
export function adoptable(adopt: string | undefined): string[] {
  const names = adopt?.split(',') ?? [];
  if (!names.every(isGivenName)) throw new Usage('bad-adopt', { adopt: adopt ?? '' });
  return names;
}
