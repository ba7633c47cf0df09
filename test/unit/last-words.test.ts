/** What is read from a container's log and its command: the telling line, options that stand behind the image. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsBehindImage } from '../../src/checks/options-behind-image.ts';
import { errorBehind, lastWords, linesOfTheEnd } from '../../src/postgres/last-words.ts';
import { keptOutBy, lastRefused, letInBy, listeningPort } from '../../src/postgres/said-in-log.ts';

const AT = '2026-11-26 16:00:00.000 UTC [1] ';

test('the last telling line is told, without its time, else the last one', () => {
  const said = (...lines: string[]) => lastWords(linesOfTheEnd(lines.join('\n')));
  assert.equal(said(`${AT}FATAL:  no such thing`, `${AT}HINT:  look`, ''), 'FATAL:  no such thing');
  assert.equal(said('initdb: error: full', 'initdb: hint: empty it'), 'initdb: error: full');
  assert.equal(said('one', 'two', '', ' '), 'two');
  assert.equal(said(''), '');
  assert.equal(said(`${AT}FATAL:  ${'x'.repeat(5_000)}`).length, 201);
});

test('what is wrong in a configuration file is told by the line before the one that says that something is', () => {
  const wrong = `${AT}LOG:  invalid value for parameter "work_mem": "‘8MB’"`;
  const broken = `${AT}FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors`;
  assert.equal(errorBehind(['ok', wrong, broken], broken), wrong);
  assert.equal(errorBehind(['ok', broken], broken), broken);
  const [method, rules] = [
    `${AT}LOG:  invalid authentication method "scram"`,
    `${AT}FATAL:  could not load /d/pg_hba.conf`,
  ];
  assert.equal(
    errorBehind([method, `${AT}CONTEXT:  line 128 of configuration file "/d/pg_hba.conf"`, rules], rules),
    method,
  );
  assert.equal(errorBehind([wrong, `${AT}FATAL:  other`], `${AT}FATAL:  other`), `${AT}FATAL:  other`);
});

test('nothing but that it is ready: no word of that is told', () => {
  assert.equal(lastWords(linesOfTheEnd(`${AT}LOG:  database system is ready to accept connections\n`)), '');
});

test('of an earlier start nothing is told', () => {
  const ready = `${AT}LOG:  database system is ready to accept connections`;
  const log = [`${AT}FATAL:  old`, ready, `${AT}LOG:  received fast shutdown request`].join('\n');
  assert.ok(!linesOfTheEnd(log).some((line) => line.includes('old')));
});

test('options behind the image are told from the server’s own, without what is secret', () => {
  const behind = (...args: string[]) => optionsBehindImage({ command: ['docker-entrypoint.sh', ...args] });
  assert.deepEqual(behind('-e', 'POSTGRES_PASSWORD=secret', '-p', '6700:5432'), [
    '-e POSTGRES_PASSWORD',
    '-p 6700:5432',
  ]);
  assert.deepEqual(behind('--name=db', '-v', 'data:/data', '--rm'), ['--name', '-v data:/data', '--rm']);
  assert.deepEqual(behind('postgres', '-p', '5433', '-c', 'work_mem=8MB', '-e', '--shared-buffers=1GB'), []);
});

test('the port of the last start, and the name that was refused last, are read from the log', () => {
  const listens = (port: number) => `${AT}LOG:  listening on IPv4 address "0.0.0.0", port ${port}\n`;
  assert.equal(listeningPort(listens(5432) + listens(5433)), 5433);
  assert.equal(listeningPort(`${AT}LOG:  listening on Unix socket "/tmp/.s"`), null);
  assert.equal(listeningPort(listens(99_999)), null);
  const refused = `${AT}FATAL:  role "root" does not exist\n`;
  const at = '16:00:00';
  assert.deepEqual(lastRefused(`${refused}${AT}FATAL:  database "shop" does not exist\n`), {
    kind: 'database',
    name: 'shop',
    at,
  });
  assert.deepEqual(lastRefused(refused), { kind: 'role', name: 'root', at });
  assert.equal(lastRefused(`${AT}ERROR:  relation "notes" does not exist at character 5\n`), null);
});

test('a password that was refused is told from a user who is not there', () => {
  const refused = 'FATAL:  password authentication failed for user "me"\n';
  const matched = `${AT}DETAIL:  Connection matched file "/data/pg_hba.conf" line 128: "host all all all scram"\n`;
  assert.deepEqual(lastRefused(AT + refused + matched), { kind: 'password', name: 'me', at: '16:00:00' });
  assert.deepEqual(lastRefused(refused), { kind: 'password', name: 'me', at: '' });
  const unknown = `${AT}DETAIL:  Role "me" does not exist.\n\tConnection matched file "/data/pg_hba.conf"\n`;
  assert.equal(lastRefused(AT + refused + unknown)?.kind, 'role');
});

test('the line of pg_hba.conf that kept somebody out last, as servers of each major name it', () => {
  const refused = 'FATAL:  password authentication failed for user "me"\n';
  const old = `${AT}${refused}${AT}DETAIL:  Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"\n`;
  assert.deepEqual(keptOutBy(old), { line: 100, rule: 'host all all all scram-sha-256' });
  const named = `${AT}DETAIL:  User "me" has no password assigned.\n\tConnection matched file "/var/lib/postgresql/18/docker/pg_hba.conf" line 128: "host\tall   all all  scram-sha-256"\n`;
  assert.deepEqual(keptOutBy(old + named), { line: 128, rule: 'host all all all scram-sha-256' });
  assert.equal(keptOutBy(AT + refused), null);
  assert.equal(keptOutBy(`${AT}ERROR:  Connection matched pg_hba.conf line 1: "x"\n`), null);
});

test('the line that let somebody in last, by the way that they came', () => {
  const line = (pid: number, text: string) => `2026-11-26 16:00:00.000 UTC [${pid}] LOG:  ${text}\n`;
  const local = `${line(7, 'connection received: host=[local]')}${line(7, 'connection authenticated: user="me" method=trust (/data/pg_hba.conf:117)')}`;
  const far = `${line(8, 'connection received: host=172.17.0.1 port=5')}${line(8, 'connection authenticated: identity="me" method=scram-sha-256 (/data/pg_hba.conf:128)')}`;
  assert.equal(letInBy(local + far, 'socket'), 117);
  assert.equal(letInBy(far + local, 'network'), 128);
  assert.equal(letInBy(local, 'network'), null);
  // Who came is not told: it may be anybody's.
  assert.equal(
    letInBy(line(9, 'connection authenticated: identity="me" method=md5 (/d:3)'), 'network'),
    null,
  );
});
