/** An engine that is reached over ssh, with a real sshd, and over TLS: as the Docker CLI reaches it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ended, openLab } from './lab.ts';
import { openSshd } from './sshd.ts';
import { openTls } from './tls.ts';

describe('an engine over ssh', async () => {
  const sshd = await openSshd();
  after(() => sshd.end());

  it('runs a step, and is asked over few connections', async () => {
    const lab = openLab({ ...sshd.env(), PGLAB_HOST: sshd.url });
    try {
      const result = await lab.json('run', 'detached-run', '--yes');
      assert.equal(result.outcome, 'met', JSON.stringify(result.trouble));
      assert.equal(result.engine?.endpoint, sshd.url);
      // Those of docker itself are among them: it opens two or three for each command.
      assert.ok(sshd.logins() < 40, `${sshd.logins()} logins`);
    } finally {
      await lab.end();
    }
  });

  it('says what ssh says where the host is not known, or the key is another', async () => {
    for (const [options, words] of [
      [{ known: false }, /Host key verification failed/],
      [{ key: 'wrong' }, /Permission denied/],
    ] as const) {
      const lab = openLab({ ...sshd.env(options), PGLAB_HOST: sshd.url });
      const { code, trouble } = await lab.json('check', 'image');
      assert.equal(code, 2);
      assert.equal(trouble?.code, 'engine-ssh');
      assert.match(trouble?.message ?? '', words);
    }
  });

  it('takes no host for an option of ssh', async () => {
    const lab = openLab({ ...sshd.env(), PGLAB_HOST: 'ssh://-oProxyCommand=touch%20owned/x' });
    const { code } = await lab.pglab('check', 'image');
    assert.equal(code, 64);
  });
});

describe('an engine behind TLS', async () => {
  const engine = await openTls();
  const { right, withoutCa, otherCa, strange } = engine.folders;
  after(() => engine.end());
  const at = `tcp://127.0.0.1:${engine.port}`;
  const status = async (env: NodeJS.ProcessEnv) => {
    const lab = openLab(env);
    return lab.json('check', 'image');
  };

  it('is reached with the certificates that DOCKER_CERT_PATH names', async () => {
    for (const url of [at, at.replace('tcp:', 'https:')]) {
      const env = { DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: right };
      const lab = openLab(env);
      const result = await lab.json('run', 'image', '--yes');
      assert.equal(result.outcome, 'met', JSON.stringify(result.trouble));
      await lab.end();
    }
  });

  it('is not believed where another authority vouches for it', async () => {
    for (const folder of [strange, otherCa]) {
      const env = { DOCKER_HOST: at, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
      const { code, trouble } = await status(env);
      assert.equal(code, 2);
      assert.equal(trouble?.code, 'engine-tls', JSON.stringify(trouble));
    }
  });

  it('is believed where nobody asks who it is: DOCKER_TLS alone, or a context that skips it', async () => {
    const byVariable = { DOCKER_HOST: at, DOCKER_TLS: '1', DOCKER_CERT_PATH: otherCa };
    const config = contextStore('far', at, withoutCa, true);
    const byContext = { DOCKER_HOST: '', DOCKER_CONFIG: config, DOCKER_CONTEXT: 'far' };
    for (const env of [byVariable, byContext]) {
      const lab = openLab(env);
      const result = await lab.json('run', 'image', '--yes');
      assert.equal(result.outcome, 'met', JSON.stringify(result.trouble));
      await lab.end();
    }
  });

  it('is reached, or is not, in each case just as by docker itself', async () => {
    const folderOf = (...names: string[]) => certificates(right, names);
    const context = (of: string, skips = false) => ({
      ...{ DOCKER_HOST: '', DOCKER_CONTEXT: 'far', DOCKER_CONFIG: contextStore('far', at, of, skips) },
    });
    const system = { SSL_CERT_FILE: join(right, 'ca.pem') };
    const verify = { DOCKER_HOST: at, DOCKER_TLS_VERIFY: '1' };
    const cases: Record<string, NodeJS.ProcessEnv> = {
      'without an authority': { ...verify, DOCKER_CERT_PATH: withoutCa },
      'without an authority, where the system has one': { ...verify, ...system, DOCKER_CERT_PATH: withoutCa },
      'without a certificate': { ...verify, DOCKER_CERT_PATH: folderOf('ca.pem') },
      'without a key': { ...verify, DOCKER_CERT_PATH: folderOf('ca.pem', 'cert.pem') },
      'certificates of the configuration': { ...verify, DOCKER_CONFIG: right },
      'a zero for verify': { ...verify, DOCKER_TLS_VERIFY: '0', DOCKER_CERT_PATH: right },
      'verify left empty': { ...verify, DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: right },
      'no proof wanted, and no authority': { DOCKER_HOST: at, DOCKER_TLS: '1', DOCKER_CERT_PATH: withoutCa },
      'a context': context(right),
      'a context without an authority': context(withoutCa),
      'a context without an authority, where the system has one': { ...context(withoutCa), ...system },
      'a context that skips the proof': context(withoutCa, true),
      'a context without certificates that skips the proof': context(folderOf(), true),
    };
    for (const [name, env] of Object.entries(cases)) {
      const lab = openLab(env);
      const [docker, { code }] = await Promise.all([
        ended('docker', ['version'], lab.env),
        lab.pglab('check', 'image'),
      ]);
      assert.equal(code === 0, docker.code === 0, `${name}: docker ${docker.code}, pglab ${code}`);
    }
  });

  it('is said to be no TLS engine, and the other way round', async () => {
    const plain = await status({ DOCKER_HOST: at });
    assert.equal(plain.code, 2);
    assert.match(plain.trouble?.code ?? '', /^engine-/);
  });
});

/** A folder that has these of another's files alone. */
function certificates(from: string, names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-certificates-'));
  for (const name of names) cpSync(join(from, name), join(folder, name));
  return folder;
}

/** A store of contexts as `docker context create` writes it. */
function contextStore(name: string, host: string, certificates: string, skips: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-context-'));
  const key = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, 'contexts', 'meta', key);
  const tls = join(folder, 'contexts', 'tls', key, 'docker');
  mkdirSync(meta, { recursive: true });
  cpSync(certificates, tls, { recursive: true });
  const docker = { Host: host, SkipTLSVerify: skips };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
  return folder;
}
