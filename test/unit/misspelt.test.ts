/** A password by a wrong name, and whom a server refuses: told to a learner by what their containers say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toContainer } from '../../src/engine/normalise.ts';
import { postgres } from '../../src/kit.ts';

const { misspeltPassword } = postgres.container;
const ofImage = {
  PATH: '/usr/bin',
  PG_MAJOR: '18',
  PGDATA: '/var/lib/postgresql/18/docker',
  LANG: 'en_US.utf8',
};

test('a name that was meant for the password is told, and no name of the image or of something else', () => {
  for (const name of [
    'POSTGRES_PASWORD',
    'POSTGRES_PASSWORD ',
    'postgres_password',
    'PGPASSWORD',
    'POSTGRES_PASS',
    '“POSTGRES_PASSWORD',
    'ＰＯＳＴＧＲＥＳ＿ＰＡＳＳＷＯＲＤ',
  ])
    assert.equal(misspeltPassword({ ...ofImage, [name]: 'x' }), name);
  for (const name of ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_INITDB_ARGS', 'POSTGRES_PASSWORD_FILE', 'TZ'])
    assert.equal(misspeltPassword({ ...ofImage, [name]: 'x' }), null, name);
  assert.equal(misspeltPassword({ ...ofImage, 'POSTGRES_PASWORD\u001b[2J': 'x' }), null);
});

test('a variable that the shell did not have is not set, and its name stays whole', () => {
  const raw = {
    ...{ Id: 'a'.repeat(64), Name: '/a', Image: `sha256:${'b'.repeat(64)}`, Created: '' },
    ...{ State: { Status: 'exited', ExitCode: 1 }, HostConfig: {}, NetworkSettings: {}, Mounts: [] },
    Config: { Env: ['POSTGRES_PASSWORD', 'PG_MAJOR=18', 'LANG=a=b'], Labels: {} },
  };
  const { env } = toContainer(raw as unknown as Parameters<typeof toContainer>[0]);
  assert.deepEqual({ ...env }, { PG_MAJOR: '18', LANG: 'a=b' });
});

test('each who was refused is one, whatever the log says of them more', () => {
  const log = [
    'FATAL:  password authentication failed for user "me"',
    'DETAIL:  Role "me" does not exist.',
    'FATAL:  database "shop" does not exist',
    'ERROR:  relation "notes" does not exist',
    'FATAL:  password authentication failed for user "postgres"',
    'DETAIL:  Connection matched file "/x/pg_hba.conf" line 128: "host all all all scram-sha-256"',
  ].join('\n');
  assert.deepEqual(
    postgres.log.refused(log).map(({ kind, name }) => [kind, name]),
    [
      ['role', 'me'],
      ['database', 'shop'],
      ['password', 'postgres'],
    ],
  );
});
