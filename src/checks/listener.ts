/** Who listens on a port of this machine. */
import { isProxy } from '../engine/proxies.ts';
import type { Look } from '../lab/look.ts';

/**
 * As `process (pid)`, one that is not the engine's before one that is; `?` where this machine does not tell, or is
 * not the engine's.
 */
export async function listenerOn(look: Look, port: number): Promise<string> {
  const all = look.local ? await look.listeners(port) : [];
  const listener = all.find(({ process }) => !isProxy(process)) ?? all[0];
  return listener?.process ? `${listener.process} (${listener.pid})` : '?';
}
