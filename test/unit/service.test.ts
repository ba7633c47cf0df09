/** What a service tells the core, and how the core does without one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { mainPort, publishedPort } from '../../src/engine/bindings.ts';
import { postgres, READY_FOR_ALL, READY_FOR_SET_UP } from '../../src/kit.ts';
import type { Command } from '../../src/lab/model.ts';
import { closedPortOf, dataTargetOf, requireService } from '../../src/lab/service.ts';
import { passwordLine, shownAdditions, shownLine } from '../../src/lab/shown.ts';
import { readySaid } from '../../src/postgres/setup-log.ts';
import { Trouble } from '../../src/trouble.ts';

const RUN: Command = { article: null, run: 'docker run -d {{ours}} {{image}}', creates: 'it' };
const OWNED: Command = { article: null, run: 'docker run -d {{owned}} {{image}} sleep 9', creates: 'it' };

describe('a container of Postgres, by its environment', () => {
  const { loginOf, passwordOf, hasPassword, majorOf } = postgres.container;

  test('is entered as the image was told, or by its defaults', () => {
    assert.deepEqual(loginOf({}), { user: 'postgres', database: 'postgres' });
    assert.deepEqual(loginOf({ POSTGRES_USER: 'ann' }), { user: 'ann', database: 'ann' });
    const both = { POSTGRES_USER: 'ann', POSTGRES_DB: 'shop' };
    assert.deepEqual(loginOf(both), { user: 'ann', database: 'shop' });
    assert.deepEqual(loginOf({ POSTGRES_USER: '', POSTGRES_DB: '' }).user, 'postgres');
  });

  test('has a password that is known, one in a file, or none', () => {
    assert.equal(passwordOf({ POSTGRES_PASSWORD: 'secret' }), 'secret');
    assert.equal(passwordOf({ POSTGRES_PASSWORD: '' }), null);
    assert.equal(passwordOf({ POSTGRES_PASSWORD_FILE: '/run/secret' }), null);
    assert.ok(hasPassword({ POSTGRES_PASSWORD_FILE: '/run/secret' }));
    assert.ok(!hasPassword({ POSTGRES_PASSWORD: '' }));
  });

  test('is told from a container of something else', () => {
    assert.equal(majorOf({ PG_MAJOR: '17' }), 17);
    assert.equal(majorOf({}), null);
    assert.equal(majorOf({ PG_MAJOR: 'new' }), null);
  });
});

test('the causes of a failed answer say whether a server is up', () => {
  const { refusalOf } = postgres.server;
  const said = { '42P01': 'question', '28P01': 'password', '28000': 'entry', '3D000': 'entry' };
  for (const [cause, refusal] of Object.entries(said)) assert.equal(refusalOf(cause), refusal, cause);
  for (const cause of ['53300', 'no-password']) assert.equal(refusalOf(cause), 'entry', cause);
  for (const cause of ['57P03', 'ECONNREFUSED', 'closed', 'timeout', 'failed', '57014'])
    assert.equal(refusalOf(cause), null, cause);
});

test('who said that a server is ready is told in order', () => {
  const ready = (pid: number) => `UTC [${pid}] LOG:  database system is ready to accept connections\n`;
  assert.deepEqual(
    readySaid(`begin\n${ready(48)}between\n${ready(1)}`).map(({ pid }) => pid),
    ['48', '1'],
  );
  assert.ok(postgres.log.ready.test(ready(1)) && !postgres.log.ready.test('shutting down'));
  assert.deepEqual([READY_FOR_SET_UP.test(ready(48)), READY_FOR_SET_UP.test(ready(1))], [true, false]);
  assert.deepEqual([READY_FOR_ALL.test(ready(48)), READY_FOR_ALL.test(ready(1))], [false, true]);
});

test('a port that leads to the server comes before any other', () => {
  const bound = (containerPort: number, hostPort: number) => ({ containerPort, hostIp: '0.0.0.0', hostPort });
  const container = { bindings: [bound(80, 8080), bound(5432, 6700)] };
  assert.equal(publishedPort(container, 5432), 6700);
  assert.equal(publishedPort(container, 443), null);
  assert.deepEqual([mainPort(container, 5432), mainPort(container, 443)], [6700, 8080]);
  assert.deepEqual([mainPort(container, null), mainPort({ bindings: [] }, 5432)], [8080, null]);
});

describe('with a service and without one', () => {
  test('a command is shown with a password, or bare', () => {
    assert.equal(shownLine(RUN, { image: 'i' }, postgres), 'docker run -d -e POSTGRES_PASSWORD i');
    assert.equal(shownLine(RUN, { image: 'i' }), 'docker run -d i');
    assert.deepEqual(shownAdditions(), { ours: [], bare: [], named: [], owned: [] });
  });

  test('a line gives the password, where a command takes one', () => {
    const line = passwordLine([OWNED, RUN], postgres) ?? '';
    assert.match(line, /^export POSTGRES_PASSWORD="\$\{POSTGRES_PASSWORD:-[0-9a-f]{24}\}"$/);
    assert.notEqual(passwordLine([RUN], postgres), line, 'each is random');
    assert.equal(passwordLine([OWNED], postgres), null);
    assert.equal(passwordLine([RUN]), null);
  });

  test('a port to be refused and a folder of data are there, and what is asked for is said to be missing', () => {
    const image = { volumeTargets: ['/var/lib/postgresql'] };
    assert.deepEqual([closedPortOf(postgres), closedPortOf()], [5432, 1]);
    assert.equal(dataTargetOf(image, postgres), '/var/lib/postgresql');
    const bare = { volumeTargets: [] };
    assert.deepEqual(
      [dataTargetOf(bare, postgres), dataTargetOf(bare)],
      ['/var/lib/postgresql/data', '/data'],
    );
    const isBroken = (error: unknown) => error instanceof Trouble && error.code === 'lab-broken';
    assert.throws(() => requireService(undefined), isBroken);
  });
});

describe('a command that needs a password', () => {
  const ASKS = { article: null, run: "psql -X -w -h {{host}} -c 'select 1'", passwordOf: 'mapped' };

  test('is shown with the line that reads it from the container, and with none', () => {
    const shown = shownLine(ASKS, { host: '127.0.0.1', 'mapped.short': '1dbeea760c86' }, postgres);
    assert.equal(
      shown,
      `PGPASSWORD="$(docker exec 1dbeea760c86 printenv POSTGRES_PASSWORD)" psql -X -w -h 127.0.0.1 -c 'select 1'`,
    );
  });

  test('of two containers on one volume: typed in one shell, each line has the password that it is about', () => {
    const run = 'docker run -d {{named}} i';
    const second = shownLine({ article: null, run, anotherPassword: true }, {}, postgres);
    const login = shownLine(
      { article: null, run: 'docker exec -e PGPASSWORD x', firstPasswordOf: 'keeper' },
      {},
      postgres,
    );
    // A docker that only says what it was given.
    const lines = `docker() { env | grep PASSWORD | sort; }; export POSTGRES_PASSWORD=first; ${second}; ${login}`;
    const said = execFileSync('bash', ['-c', lines], { encoding: 'utf8', env: { PATH: process.env.PATH } });
    assert.deepEqual(said.trim().split('\n'), [
      'POSTGRES_PASSWORD=another-first',
      ...['PGPASSWORD=first', 'POSTGRES_PASSWORD=first'],
    ]);
  });

  test('reads it from the file that the container’s environment names, as a shell takes it', () => {
    const { passwordLine } = postgres.container;
    assert.equal(
      passwordLine('1dbeea760c86', { POSTGRES_PASSWORD_FILE: '/run/a b' }),
      "docker exec 1dbeea760c86 cat '/run/a b'",
    );
    assert.match(
      passwordLine('1dbeea760c86', { POSTGRES_PASSWORD: 'a\r\nb' }),
      /\| head -n 1 \| tr -d '\\r'$/,
    );
  });
});

test('a password that is shown twice, and pasted twice, is one', () => {
  const [one, two] = [1, 2].map(() => passwordLine([OWNED, RUN], postgres));
  assert.notEqual(one, two);
  const said = execFileSync('bash', [
    '-c',
    `unset POSTGRES_PASSWORD; ${one}; printenv POSTGRES_PASSWORD; ${two}; printenv POSTGRES_PASSWORD`,
  ]);
  const [first, second] = String(said).split('\n');
  assert.match(first ?? '', /^[0-9a-f]{24}$/);
  assert.equal(second, first);
});
