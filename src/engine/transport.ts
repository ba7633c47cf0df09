/**
 * How bytes come to an engine: through a socket, over TCP, over TLS, or through ssh as the Docker CLI goes. One
 * http.Agent makes the connections; what speaks to the API above it knows nothing of the way.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Agent, type AgentOptions } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as connectTls, rootCertificates, type SecureContextOptions } from 'node:tls';
import { inspect } from 'node:util';
import type { MessageKey } from '../content-keys.ts';
import { startPipe } from '../program-pipe.ts';
import { Trouble } from '../trouble.ts';
import type { Endpoint, Tls } from './endpoint.ts';

/** As the Docker CLI gives it to ssh; a host behind a firewall would take two minutes. */
const SSH_CONNECT_WITHIN_S = 30;
const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/** Questions to an engine at once; the others wait. A process may have as few as 256 files open (macOS). */
const AT_ONCE = 32;
/** Over ssh each new connection is a new process here and another there. */
const KEPT: AgentOptions = { keepAlive: true, maxFreeSockets: 4, maxSockets: AT_ONCE };
/** A socket of this machine costs nothing to open, and one that is kept may have died with its engine. */
const FRESH: AgentOptions = { keepAlive: false, maxSockets: AT_ONCE };

/** An agent whose connections all lead to this engine, wherever a request says that it goes. */
export function agentFor(endpoint: Endpoint): Agent {
  const open = openerFor(endpoint);
  return new (class extends Agent {
    override createConnection(): Duplex {
      return open();
    }

    /** docker-modem writes out all options of each request, for a log that nobody reads: with every open socket. */
    [inspect.custom](): string {
      return `Agent to ${endpoint.url}`;
    }
  })(/^(unix|npipe):/.test(endpoint.url) ? FRESH : KEPT);
}

function openerFor({ url, tls }: Endpoint): () => Duplex {
  if (url.startsWith('unix://')) return () => connectTcp({ path: url.slice('unix://'.length) });
  if (url.startsWith('npipe://')) return () => connectTcp({ path: url.slice('npipe://'.length) });
  const { protocol, hostname, port, username } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'ssh:') return () => throughSsh({ host, port, user: decodeURIComponent(username) });
  if (!tls) return () => connectTcp({ host, port: Number(port || PLAIN_PORT) });
  const secrets = secretsOf(tls);
  const servername = /^[\d.:]+$/.test(host) ? {} : { servername: host };
  return () =>
    connectTls({
      ...{ host, port: Number(port || TLS_PORT), rejectUnauthorized: tls.verify },
      ...servername,
      ...secrets,
    });
}

/** What lies in the folder, taken as the Docker CLI takes it. */
function secretsOf({ folder, wantsCa = false }: Tls): SecureContextOptions {
  const read = (name: string, isWanted = false) => {
    const file = join(folder, `${name}.pem`);
    try {
      const text = readFileSync(file, 'utf8');
      if (name === 'ca' && !text.includes('-----BEGIN CERTIFICATE-----'))
        throw new Trouble('certificates-unreadable', { file, why: 'why-no-pem' satisfies MessageKey });
      return { [name]: text };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if ((code === 'ENOENT' || code === 'ENOTDIR') && !isWanted) return {};
      throw cause instanceof Trouble
        ? cause
        : new Trouble('certificates-unreadable', { file, why: code ?? '?' });
    }
  };
  return { ...systemAuthorities(), ...read('ca', wantsCa), ...read('cert'), ...read('key') };
}

/** Where systems keep the authorities that they trust, in the order in which Go looks; the Docker CLI is written in it. */
const AUTHORITIES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Where no authority is named, the system's count, beside those that came with Node. */
function systemAuthorities(): SecureContextOptions {
  const named = process.env.SSL_CERT_FILE;
  const file = named || AUTHORITIES.find((path) => existsSync(path));
  try {
    return file ? { ca: [...rootCertificates, readFileSync(file, 'utf8')] } : {};
  } catch {
    return {};
  }
}

interface SshTarget {
  host: string;
  port: string;
  /** Empty: ssh's own configuration says. */
  user: string;
}

/** The system's ssh, with its configuration, agent and known_hosts; at the other end the CLI leads to its engine. */
function throughSsh({ host, port, user }: SshTarget): Duplex {
  const command = [
    ...['ssh', '-T', '-o', `ConnectTimeout=${SSH_CONNECT_WITHIN_S}`, '-o', 'BatchMode=yes'],
    ...(user === '' ? [] : ['-l', user]),
    ...(port === '' ? [] : ['-p', port]),
    ...['--', host, 'docker', 'system', 'dial-stdio'],
  ];
  return startPipe(command);
}
