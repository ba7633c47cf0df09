/** Who listens on a port of this machine, and at which of its addresses. */
import { isProxy } from '../engine/proxies.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';

type Listener = Awaited<ReturnType<Look['listeners']>>[number];

/** What `localhost` may mean, by IPv4 or by IPv6. */
const LOCAL = /^(\*|0\.0\.0\.0|127\.0\.0\.1|::|::1)$/;

/**
 * As `process (pid)`, one that is not the engine's before one that is; `?` where this machine does not tell, or is
 * not the engine's.
 */
export async function listenerOn(look: Look, port: number): Promise<string> {
  const all = look.local ? await look.listeners(port) : [];
  const listener = all.find(({ process }) => !isProxy(process)) ?? all[0];
  return listener?.process ? asNamed(listener) : '?';
}

/**
 * Who else `localhost` may lead to on this port of a container: a process of this machine, as `process (pid)`, or
 * another container, by its name. Null: nobody.
 */
export async function anotherOnLocalhost(
  look: Look,
  container: Container,
  port: number,
  listeners: readonly Listener[],
): Promise<string | null> {
  const isNear = ({ addresses }: Listener) =>
    addresses.length === 0 || addresses.some((each) => LOCAL.test(each));
  const process = listeners.find((each) => each.process !== null && !isProxy(each.process) && isNear(each));
  if (process) return asNamed(process);
  // Of two containers each has a proxy, and both proxies have one name.
  const others = (await look.engine.listed()).filter(
    ({ id, bindings }) =>
      id !== container.id && bindings.some(({ hostPort, hostIp }) => hostPort === port && LOCAL.test(hostIp)),
  );
  return others[0]?.name ?? null;
}

function asNamed({ process, pid }: Listener): string {
  return `${process} (${pid})`;
}
