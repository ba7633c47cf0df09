/** Where a server keeps its write-ahead log: without that its data is lost, however well it is kept itself. */
import type { Container } from '../engine/types.ts';
import { isNamedVolume } from '../engine/volumes.ts';
import type { Look } from '../lab/look.ts';

/** The folder of the log, where it lies in the container and in no volume with a name; else null. */
export async function walOutside(look: Look, container: Container, folder: string): Promise<string | null> {
  if (!mayBeElsewhere(container)) return null;
  // What the environment says counted only when the data was made: the link is what counts.
  const link = `${folder}/pg_wal`;
  const { exitCode, stdout } = await look.engine.exec(container.id, ['readlink', '-f', link]);
  const place = stdout.trim();
  if (exitCode !== 0 || !place.startsWith('/') || place === link) return null;
  const kept = container.mounts.filter((each) => isNamedVolume(each) || each.type === 'foreign');
  return kept.some(({ target }) => place === target || place.startsWith(`${target}/`)) ? null : place;
}

/** A server that runs has its log in its own container, which was told where. */
function mayBeElsewhere({ env }: Container): boolean {
  return Boolean(env.POSTGRES_INITDB_WALDIR) || /--waldir|-X/.test(env.POSTGRES_INITDB_ARGS ?? '');
}
