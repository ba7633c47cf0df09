/** What doctor finds: a line each, with who named an engine, and to its end also where nobody reads on. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { CLI, NOT_HERE, openLab, type TestLab } from './lab.ts';

describe('doctor', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  test('doctor has found what it has found, also where nobody reads on', async () => {
    for (const [host, exit] of [
      [NOT_HERE, 2],
      [process.env.DOCKER_HOST, 0],
    ]) {
      const line = `"${process.execPath}" "${CLI}" doctor --host ${host} | head -1; echo "exit \${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', line], { env: lab.env, encoding: 'utf8' });
      assert.match(stdout, new RegExp(`^✓ home .*\nexit ${exit}\n$`));
      assert.equal(stderr, '');
    }
  });

  test('doctor: a line each, exit 2 where the lab cannot run', async () => {
    const { stdout, code } = await lab.pglab('doctor');
    assert.equal(code, 0, stdout);
    for (const word of [
      'home',
      'engine',
      'api',
      'context',
      'image',
      'docker',
      'psql',
      'lsof',
      'port',
      'disk',
      'terminal',
    ]) {
      assert.match(stdout, new RegExp(`^[✓·] ${word}\\b`, 'm'));
    }
    assert.match(stdout, /for steps 8, 9: |steps 8, 9 will try/);
    const bad = await lab.pglab('doctor', '--host', NOT_HERE);
    assert.equal(bad.code, 2);
    assert.match(bad.stdout, /^✗ engine .*(\n {13}.*)*→ Start Docker Desktop/m);
    const { doctor } = await lab.json('doctor');
    assert.ok(Array.isArray(doctor) && doctor.length > 8);
    // One before 16 cannot be told how to give a password: that is said.
    const psql = doctor.filter(({ what }) => what === 'psql') as { text: string }[];
    const major = Number(/ (\d+)\./.exec(psql[0]?.text ?? '')?.[1]);
    assert.deepEqual(
      psql.slice(1).map(({ text }) => /in clear text too/.test(text)),
      major < 16 ? [true] : [],
    );
  });

  test('doctor says who named an endpoint that is dead, what bends docker, and looks at the rest all the same', async () => {
    type Found = { what: string; state: string; text: string; fix: string | null }[];
    const examined = async (env: NodeJS.ProcessEnv, ...args: string[]) =>
      (await openLab({ PGLAB_HOME: lab.home, ...env }).json('doctor', ...args)).doctor as Found;
    const of = (found: Found, what: string) => found.filter((each) => each.what === what);
    const gone = await examined({ DOCKER_HOST: '', DOCKER_CONTEXT: 'gone' });
    assert.match(of(gone, 'engine')[0]?.text ?? '', /context “gone”/);
    const dead = await examined({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
    assert.equal(of(dead, 'context')[0]?.fix, 'unset DOCKER_HOST');
    const byOption = await examined({}, '--host', 'tcp://127.0.0.1:1');
    assert.match(of(byOption, 'context')[0]?.text ?? '', /--host or PGLAB_HOST/);
    for (const found of [gone, dead, byOption]) assert.equal(of(found, 'disk').length, 1);
    const bent = await examined({ DOCKER_API_VERSION: '1.99' });
    assert.match(
      of(bent, 'docker')
        .map(({ text }) => text)
        .join(),
      /too new.*DOCKER_API_VERSION=1\.99 is set/,
    );
    assert.ok(
      of(bent, 'docker').some(({ state }) => state === 'bad'),
      'a client that comes to no engine is bad',
    );
  });
});
