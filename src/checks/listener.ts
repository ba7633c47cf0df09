/** Who listens on a port of this machine. */
import type { Look } from '../lab/look.ts';

/** As `process (pid)`; `?` where this machine does not tell, or is not the engine's. */
export async function listenerOn(look: Look, port: number): Promise<string> {
  const [listener] = look.local ? await look.listeners(port) : [];
  return listener?.process ? `${listener.process} (${listener.pid})` : '?';
}
