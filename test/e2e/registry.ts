/** A registry of the tests: a real one on loopback, with a certificate of its own where it is asked for one. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const REGISTRY = '127.0.0.1:5055';

/** `tls`: the files of its certificate and key; null: none. */
export async function startRegistry(
  folder: string,
  address = REGISTRY,
  tls: { certificate: string; key: string } | null = null,
): Promise<ChildProcess> {
  const config = join(folder, `${address}.yml`);
  const lines = [
    ...['version: 0.1', 'storage:', '  filesystem:', `    rootdirectory: ${folder}/data`],
    ...['http:', `  addr: ${address}`],
    ...(tls ? ['  tls:', `    certificate: ${tls.certificate}`, `    key: ${tls.key}`] : []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const registry = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    registry.stderr?.on('data', (text) => String(text).includes('listening on') && resolve());
    registry.on('exit', () => reject(new Error('the registry did not start')));
  });
  return registry;
}

/** Names the manifest that `postgres:15` has there as one for a machine that nobody has. */
export async function pushElsewhere(name: string): Promise<void> {
  const [repository, tag] = name.split(':');
  const v2 = 'application/vnd.docker.distribution.manifest';
  const accept = { accept: `${v2}.v2+json` };
  const there = await fetch(`http://${REGISTRY}/v2/${repository}/manifests/15`, { headers: accept });
  const body = await there.text();
  const entry = {
    mediaType: `${v2}.v2+json`,
    size: Buffer.byteLength(body),
    digest: there.headers.get('docker-content-digest'),
    platform: { architecture: 's390x', os: 'linux' },
  };
  const list = JSON.stringify({ schemaVersion: 2, mediaType: `${v2}.list.v2+json`, manifests: [entry] });
  const headers = { 'content-type': `${v2}.list.v2+json` };
  const to = `http://${REGISTRY}/v2/${repository}/manifests/${tag}`;
  const put = await fetch(to, { method: 'PUT', headers, body: list });
  assert.equal(put.status, 201, await put.text());
}

/** An address of this machine beyond loopback, which the engine's own network has. */
export function gatewayOfEngine(): string {
  const told = execFileSync('ip', ['-4', '-o', 'address', 'show', 'docker0'], { encoding: 'utf8' });
  return /inet ([\d.]+)/.exec(told)?.[1] as string;
}

export function selfSigned(folder: string, address: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=registry', '-addext', `subjectAltName=IP:${address}`];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...subject, ...made], { stdio: 'pipe' });
  return { certificate, key };
}
