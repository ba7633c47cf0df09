/** The line that a participant pastes, and the addresses of this machine that it may name. */
import { networkInterfaces } from 'node:os';
import { urlPart } from '../grammar.ts';
import { codeOf, shownCode } from './codes.ts';
import type { Ticket } from './ticket.ts';

/** Bridges and tunnels of engines and virtual machines: nobody in the room reaches us there. */
const INNER = /^(docker|br-|veth|virbr|cni|flannel|podman|lxc|lxd|vmnet|vboxnet|vEthernet|utun|zt)/i;

/** Whether an interface of this name is one that leads to nobody in the room. */
export function isInner(name: string): boolean {
  return INNER.test(name);
}

/** Addresses of IPv4 at which others may reach this machine, those of a real network first; loopback where there is none. */
function ownAddresses(interfaces = networkInterfaces()): string[] {
  const found = Object.entries(interfaces).flatMap(([name, all = []]) =>
    all.flatMap(({ address, family, internal }) =>
      family === 'IPv4' && !internal ? [{ address, inner: isInner(name) }] : [],
    ),
  );
  const outer = found.filter(({ inner }) => !inner);
  const addresses = (outer.length > 0 ? outer : found).map(({ address }) => address);
  return addresses.length > 0 ? addresses : ['127.0.0.1'];
}

/** Where this board is to be reached: one address that was named, else all that there are. */
export function addressesOf({ listen: { host, port } }: Pick<Ticket, 'listen'>): string[] {
  const hosts = /^(|0\.0\.0\.0|::)$/.test(host) ? ownAddresses() : [host];
  return hosts.map((each) => `${each.includes(':') ? urlPart(each) : each}:${port}`);
}

/** `pglab workshop join 192.168.1.20:8750 K7QM-2PDX`; with the code of 128 bits where it is to be scanned. */
export function joinLine(
  ticket: Ticket,
  epoch: number,
  { address = addressesOf(ticket)[0] ?? '', kind = 'spoken' as 'spoken' | 'scanned' } = {},
): string {
  const code = shownCode(codeOf(Buffer.from(ticket.secret, 'hex'), epoch, kind));
  return `pglab workshop join ${address} ${code}`;
}

/** `pglab workshop board 192.168.1.20:8750 9F3K…`, for who assists. */
export function assistLine({ secret }: Pick<Ticket, 'secret'>, epoch: number, address: string): string {
  return `pglab workshop board ${address} ${codeOf(Buffer.from(secret, 'hex'), epoch, 'assistant')}`;
}
