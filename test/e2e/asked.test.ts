/** psql of two majors, real ones, and servers that ask for a password in a way that tells it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Trust } from '../../src/lab/service.ts';
import { passwordEnv } from '../../src/postgres/login.ts';
import { asker } from '../asker.ts';
import { type Ended, ended, openLab, type TestLab } from './lab.ts';
import { askingInClear, HEARD } from './mutants/elsewhere.ts';

const PASSWORD = 'hush-hush-hush';
/** The last major whose psql cannot be held to a way, and one that can. */
const [OLD, NEW] = [15, 18];
const OF_RUN: Trust = { isOfRun: true, isTheirs: false, md5: false };

describe('psql and a server that asks for the password', () => {
  let lab: TestLab;
  let folder = '';
  before(() => {
    lab = openLab({ PGLAB_IMAGE: `postgres:${NEW}` });
    folder = mkdtempSync(join(tmpdir(), 'pglab-psql-'));
  });
  after(async () => {
    await lab.end();
    rmSync(folder, { recursive: true });
  });

  /** The psql of an image, on this machine's network. */
  const psqlOf = (major: number): string[] => [
    ...['run', '--rm', '--network', 'host', '-e', 'PGPASSWORD', '-e', 'PGREQUIREAUTH'],
    ...['--entrypoint', 'psql', `postgres:${major}`],
  ];
  const psql = async (major: number, port: number, trust: Trust): Promise<Ended | null> => {
    const version = (await lab.docker(...psqlOf(major), '--version')).split(' ')[2] as string;
    const secrets = passwordEnv(PASSWORD, trust, version);
    const args = [...psqlOf(major), '-X', '-w', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'];
    return secrets && ended('docker', [...args, '-c', 'select 1'], { ...lab.env, ...secrets });
  };

  for (const way of ['cleartext', 'md5'] as const) {
    test(`that one can be held to the others gives nothing by ${way}, whoever made the server`, async () => {
      for (const trust of [OF_RUN, { isOfRun: false, isTheirs: false, md5: false }]) {
        const { port, heard } = await asker(way);
        const told = await psql(NEW, port, trust);
        assert.match(told?.stderr ?? '', /authentication method requirement .* failed: server requested/);
        assert.ok(heard().includes('postgres') && !heard().includes(PASSWORD));
        assert.doesNotMatch(heard(), /md5[0-9a-f]{32}/);
      }
    });
  }

  test('that an old one cannot be: it is given none for what is not of this run', async () => {
    const { port, heard } = await asker('cleartext');
    assert.equal(await psql(OLD, port, { isOfRun: false, isTheirs: false, md5: false }), null);
    // Why: it says whatever it is asked for.
    await psql(OLD, port, OF_RUN);
    assert.ok(heard().includes(PASSWORD));
  });

  test('a whole walk on such a server, with a psql that can be held: no byte of it is heard', async () => {
    const shim = join(folder, 'psql');
    writeFileSync(
      shim,
      `#!/bin/sh\nexec docker --host ${lab.env.DOCKER_HOST} ${psqlOf(NEW).join(' ')} "$@"\n`,
    );
    chmodSync(shim, 0o755);
    const env = { ...lab.env, PATH: `${folder}:${lab.env.PATH}`, PGPASSWORD: PASSWORD };
    const walker = openLab({ ...env, PGLAB_PORT: '6690' });
    const run = (flags: readonly string[] = [], command: readonly string[] = []) =>
      lab.docker('run', '-d', ...flags, `postgres:${NEW}`, ...command);
    await walker.pglab('show', 'three-connections');
    const id = await askingInClear({ docker: lab.docker, run }, ['-p', '6690:5432']);
    try {
      await walker.pglab('check', 'port-mapping', '--yes');
      const { trouble } = await walker.json('run', 'three-connections', '--yes');
      assert.match(trouble?.message ?? '', /-p 6690.*server requested a cleartext password/);
      const { steps } = await walker.json('check', 'three-connections');
      const findings = steps.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
      assert.deepEqual([...new Set(findings)], ['asked-in-clear']);
      const heard = await lab.docker('exec', id, 'cat', HEARD);
      assert.ok(heard.includes('postgres') && !heard.includes(PASSWORD));
    } finally {
      await lab.docker('rm', '-fv', id);
      await walker.end();
    }
  });
});
