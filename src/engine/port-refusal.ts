/** Why an engine could not give a container its port, by what it says: of its own, of Podman, of Windows. */

/**
 * Somebody has it; or the system lets nobody have it, such as a low port without root, or one that Windows excludes.
 */
export type PortRefusal = 'taken' | 'forbidden';

const TAKEN =
  /port is already allocated|address already in use|Only one usage of each socket address|只允许使用一次/i;
const FORBIDDEN =
  /access a socket in a way forbidden|访问权限不允许|cannot expose privileged port|bind: permission denied|Failed to bind port \d{1,5} \(Permission denied\)/i;

/** Null where it was refused for another reason than a port. */
export function portRefusal(said: string): PortRefusal | null {
  if (TAKEN.test(said)) return 'taken';
  return FORBIDDEN.test(said) ? 'forbidden' : null;
}
