/** When a file of a server was made, which no copy of it and no later write changes. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';

/**
 * Milliseconds since 1970, by the clock of the engine's machine; null where the disk does not tell. `file`: a path
 * inside the container.
 */
export async function birthOf(look: Look, { id }: Container, file: string): Promise<number | null> {
  if (!file.startsWith('/')) return null;
  const { exitCode, stdout } = await look.engine.exec(id, ['stat', '-c', '%.9W', file]);
  const seconds = exitCode === 0 ? Number.parseFloat(stdout) : Number.NaN;
  return seconds > 0 ? seconds * 1000 : null;
}
