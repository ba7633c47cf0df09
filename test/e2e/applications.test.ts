/** What a step gives for an application of the learner's: each line gets in, with the password put in as it says. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { openLab, outputOf, type TestLab } from './lab.ts';

/** Signs that a URL takes for its own, and a `%` that looks like the number of one. */
const PASSWORD = 'a@b:c/d e%41f+g&h#i?j=k';
const PORT = 6841;

describe('an application of the learner’s', () => {
  let lab: TestLab;
  let id: string;
  let told: string;
  let typed: string;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: String(PORT) });
    await lab.pglab('show', 'port-mapping');
    const options = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-p', `${PORT}:5432`];
    id = await lab.docker('run', '-d', ...options, 'postgres:17');
    await lab.docker('exec', id, 'sh', '-c', `until psql -h 127.0.0.1 -U postgres -c ''; do sleep 0.2; done`);
    const { code, stderr } = await lab.pglab('check', 'port-mapping');
    assert.equal(code, 0, stderr);
    ({ stdout: told } = await lab.pglab('show', 'port-mapping'));
    const read = await outputOf('bash', ['-c', cut(/docker exec \w+ printenv POSTGRES_PASSWORD$/m)], lab.env);
    assert.equal(read, PASSWORD);
    // As the step says: each sign that is no letter and no digit.
    typed = read.replace(/[^A-Za-z0-9]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  });
  after(async () => {
    await lab.docker('rm', '-f', '-v', id);
    await lab.end();
  });

  const cut = (line: RegExp): string => {
    const [found] = line.exec(told) ?? [];
    assert.ok(found, `${line} in:\n${told}`);
    return found.replace('PASSWORD@', `${typed}@`);
  };

  test('the percent sign and the space are told, too', () => {
    assert.match(told, /%25[\s\S]*%20/);
  });

  test('psql', async () => {
    const line = cut(/PGPASSWORD=".*/);
    assert.equal(await outputOf('bash', ['-c', `${line} -Atc 'select 7'`], lab.env), '7');
  });

  test('a URL', async () => {
    const url = cut(/^\s*postgresql:.*/m).trim();
    assert.equal(await outputOf('psql', [url, '-Atc', 'select 7'], lab.env), '7');
  });

  test('pg', async () => {
    const [, url] = /new Client\('(.*)'\)/.exec(cut(/new Client\(.*/)) ?? [];
    const client = new Client(url);
    await client.connect();
    assert.deepEqual((await client.query('select 7 as it')).rows, [{ it: 7 }]);
    await client.end();
  });

  test('SQLAlchemy, of the version and with the driver that Debian has', async () => {
    const program = [
      'from sqlalchemy import create_engine, text',
      `engine = ${cut(/create_engine\(.*/)}`,
      "print(engine.connect().execute(text('select 7')).scalar())",
    ];
    assert.equal(await outputOf('/usr/bin/python3', ['-c', program.join('\n')], lab.env), '7');
  });
});
