/** Who else has a connection to a server open, and the way that each came in. */

import { isProxy } from '../../engine/proxies.ts';
import type { Container } from '../../engine/types.ts';
import { connectedTo } from '../../host.ts';
import type { Client } from '../../lab/look.ts';
import { type Peer, requireService } from '../../lab/service.ts';
import type { RunContext } from '../ground/context.ts';
import { execIn } from './asking.ts';

export async function clientsOf(
  context: Pick<RunContext, 'engine' | 'lab' | 'local'>,
  container: Container,
): Promise<Client[]> {
  const { server, port } = requireService(context.lab.settings.service);
  const peers = await server.peersInside(execIn(context, container), container.env);
  if (peers.length === 0) return [];
  const containers = await context.engine.listed();
  const addresses = container.places.map(({ address }) => address);
  return peers.map((peer) => {
    const at = containers.find(({ places }) => places.some(({ address }) => address === peer.address));
    const process = context.local ? connectedTo(peer.port, addresses, port) : null;
    const way = wayOf(peer, at ? at.id === container.id : null, process, container);
    return { application: peer.application, way, from: at?.name ?? peer.address };
  });
}

/**
 * `isOwn`: whether the address is the container's own; null where it is no container's. `process`: the one on
 * this machine that holds the other end, where that can be seen.
 */
function wayOf(
  { address }: Peer,
  isOwn: boolean | null,
  process: string | null,
  { onHostNetwork }: Pick<Container, 'onHostNetwork'>,
): Client['way'] {
  if (address === '') return 'socket';
  // Its port is the machine's own then: who is on the machine and who is inside come by the same way.
  if (onHostNetwork) return 'port';
  if (/^(127\.|::1$)/.test(address)) return 'loopback';
  if (isOwn === false) return 'sibling';
  if (isOwn === true) return 'own-address';
  return process !== null && !isProxy(process) ? 'own-address' : 'port';
}
