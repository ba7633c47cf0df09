/** Ports as the API tells of them, in its list and in its inspection. */
import { isIP } from 'node:net';
import { isPort } from '../names.ts';
import type { Container } from './types.ts';

export function bindingOf(inside: unknown, ip: unknown, host: unknown): Container['bindings'] {
  const [containerPort, hostPort] = [Number(inside), Number(host)];
  if (!isPort(containerPort) || !isPort(hostPort)) return [];
  return [{ containerPort, hostIp: isIP(String(ip)) ? String(ip) : '0.0.0.0', hostPort }];
}

type RawBindings = Record<string, { HostIp?: string; HostPort?: string }[] | null | undefined>;

/** As the API writes a port of UDP; one of TCP may stand alone. */
const UDP = /\/udp$/;

export function udpOf(ports: RawBindings | null | undefined): number[] {
  return Object.keys(ports ?? {}).flatMap((port) => (UDP.test(port) ? [Number.parseInt(port, 10)] : []));
}

export function toBindings(ports: RawBindings | null | undefined): Container['bindings'] {
  const tcp = Object.entries(ports ?? {}).filter(([port]) => !UDP.test(port));
  return tcp.flatMap(([port, hosts]) =>
    (hosts ?? []).flatMap(({ HostIp, HostPort }) => bindingOf(Number.parseInt(port, 10), HostIp, HostPort)),
  );
}
