/** The stage's engine behind TLS, as a remote one: certificates of a small authority of the tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface TlsEngine {
  port: number;
  /** Folders for DOCKER_CERT_PATH: all three files; without the authority's; with another's; all
   * of an authority that nobody here knows. */
  folders: { right: string; withoutCa: string; otherCa: string; strange: string };
  end(): Promise<void>;
}

export async function openTls(): Promise<TlsEngine> {
  const root = mkdtempSync(join(tmpdir(), 'pglab-tls-'));
  const right = join(root, 'right');
  const strange = join(root, 'strange');
  for (const folder of [right, strange]) authority(folder);
  const withoutCa = join(root, 'without-ca');
  mkdirSync(withoutCa);
  for (const name of ['cert.pem', 'key.pem'])
    writeFileSync(join(withoutCa, name), readFileSync(join(right, name)));
  const otherCa = join(root, 'other-ca');
  mkdirSync(otherCa);
  for (const [name, from] of [
    ['ca.pem', strange],
    ['cert.pem', right],
    ['key.pem', right],
  ] as const)
    writeFileSync(join(otherCa, name), readFileSync(join(from, name)));
  const read = (name: string) => readFileSync(join(right, name));
  const secrets = { ca: read('ca.pem'), cert: read('server-cert.pem'), key: read('server-key.pem') };
  const engine = (process.env.DOCKER_HOST as string).replace('unix://', '');
  const server = createServer({ ...secrets, requestCert: true, rejectUnauthorized: true }, (client) => {
    const way = connect({ path: engine });
    client.pipe(way).pipe(client);
    for (const socket of [client, way]) socket.on('error', () => [client, way].map((each) => each.destroy()));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    folders: { right, withoutCa, otherCa, strange },
    async end() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** An authority, a server's certificate for this machine, and a client's, as the Docker manual makes them. */
function authority(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = (name: string) =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', name);
  newKey('ca-key.pem');
  openssl('req', '-new', '-x509', '-days', '2', '-key', 'ca-key.pem', '-subj', '/CN=tests', '-out', 'ca.pem');
  const parts = [
    { name: 'server-', extension: 'subjectAltName=DNS:localhost,IP:127.0.0.1' },
    { name: '', extension: 'extendedKeyUsage=clientAuth' },
  ];
  for (const { name, extension } of parts) {
    newKey(`${name}key.pem`);
    openssl('req', '-new', '-key', `${name}key.pem`, '-subj', '/CN=localhost', '-out', `${name}csr.pem`);
    writeFileSync(join(folder, 'extension'), extension);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'extension'];
    openssl('x509', '-req', '-days', '2', '-in', `${name}csr.pem`, ...by, '-out', `${name}cert.pem`);
  }
}
