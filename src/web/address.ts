/** Where a page listens: `ADDR:PORT` of this machine alone. */
import { Usage } from '../trouble.ts';

export interface Address {
  /** `127.0.0.1`, or `::1` without brackets. */
  host: string;
  /** 0: any that is free. */
  port: number;
}

const SHAPE = /^(?:\[([0-9a-f:]{2,39})\]|([\w.-]{1,253})):(\d{1,5})$/i;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

/**
 * @throws Usage `listen-unreadable` where it is no address with a port; `listen-not-loopback` where others could
 * reach it.
 * @example addressOf('127.0.0.1:8080') // { host: '127.0.0.1', port: 8080 }
 */
export function addressOf(text: string): Address {
  const [, six, four, digits] = SHAPE.exec(text) ?? [];
  const port = Number(digits);
  const host = (six ?? four ?? '').toLowerCase();
  if (host === '' || port > 65_535 || hasTooBigPart(host))
    throw new Usage('listen-unreadable', { address: text });
  if (host === 'localhost') return { host: '127.0.0.1', port };
  if (!LOOPBACK.test(host)) throw new Usage('listen-not-loopback', { address: text });
  return { host, port };
}

function hasTooBigPart(host: string): boolean {
  return /^[\d.]+$/.test(host) && host.split('.').some((part) => Number(part) > 255);
}

/** As it stands in a URL and in the header `Host`: `[::1]:8080`. */
export function hostAndPort({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
