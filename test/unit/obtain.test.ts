import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pullTrouble } from '../../src/engine/pull.ts';
import { imageName, withTag } from '../../src/grammar.ts';
import { checkedReference, majorAskedFor, mirroredRefs } from '../../src/image/reference.ts';
import { Usage } from '../../src/trouble.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('image references: good ones pass, bad ones are refused', () => {
  const good = [
    'postgres',
    'postgres:17',
    'library/postgres:17-alpine',
    'localhost:5000/postgres',
    'registry.example/a/b__c/d-e:1.2_3',
    `postgres@sha256:${'a'.repeat(64)}`,
  ];
  for (const ref of good) assert.equal(checkedReference(ref), ref);
  for (const ref of [
    '',
    'x; rm -rf /',
    'Postgres',
    'postgres:',
    ':17',
    '-v',
    'a b',
    '$(id)',
    'a//b',
    'postgres:a:b',
  ]) {
    assert.throws(
      () => checkedReference(ref),
      (error) => error instanceof Usage && error.code === 'bad-image',
    );
  }
});

test('a mirror is a prefix or a whole reference', () => {
  assert.deepEqual(mirroredRefs('127.0.0.1:5000', 'postgres:17'), [
    '127.0.0.1:5000/postgres:17',
    '127.0.0.1:5000/library/postgres:17',
  ]);
  assert.deepEqual(mirroredRefs('mirror.example/hub/', 'postgres'), [
    'mirror.example/hub/postgres',
    'mirror.example/hub/library/postgres',
  ]);
  assert.deepEqual(mirroredRefs('mirror.example/library/postgres:16', 'postgres'), [
    'mirror.example/library/postgres:16',
  ]);
  assert.deepEqual(mirroredRefs('mirror.example', 'bitnami/postgresql:1'), [
    'mirror.example/bitnami/postgresql:1',
  ]);
});

test('a whole mirror gives the tag and the digest that were asked for, or nothing', () => {
  const rows = [
    ['m.example:5000/library/postgres', 'postgres:17', ['m.example:5000/library/postgres:17']],
    ['m.example:5000/library/postgres:16', 'postgres:17', []],
    ['m.example:5000/postgres', 'localhost:5000/postgres', ['m.example:5000/postgres']],
    ['m.example/postgres:16', `postgres@${DIGEST}`, [`m.example/postgres@${DIGEST}`]],
    ['m.example/postgres', `postgres:17@${DIGEST}`, [`m.example/postgres@${DIGEST}`]],
    [`m.example/postgres@${DIGEST}`, `postgres@sha256:${'b'.repeat(64)}`, []],
    [
      'm.example:5000',
      `postgres@${DIGEST}`,
      [`m.example:5000/postgres@${DIGEST}`, `m.example:5000/library/postgres@${DIGEST}`],
    ],
  ] as const;
  for (const [mirror, ref, refs] of rows)
    assert.deepEqual(mirroredRefs(mirror, ref), refs, `${mirror} ${ref}`);
});

test('a name is given a tag where it has neither tag nor digest, and a port is no tag', () => {
  const rows = {
    postgres: 'postgres:latest',
    'postgres:17': 'postgres:17',
    'localhost:5000/postgres': 'localhost:5000/postgres:latest',
    'localhost:5000/postgres:17': 'localhost:5000/postgres:17',
    [`postgres@${DIGEST}`]: `postgres@${DIGEST}`,
    [`localhost:5000/a/b@${DIGEST}`]: `localhost:5000/a/b@${DIGEST}`,
    [`postgres:17@${DIGEST}`]: `postgres:17@${DIGEST}`,
  };
  for (const [ref, tagged] of Object.entries(rows)) assert.equal(withTag(ref), tagged, ref);
  assert.deepEqual(imageName(`localhost:5000/a:1@${DIGEST}`), {
    name: 'localhost:5000/a',
    tag: '1',
    digest: DIGEST,
  });
});

test('which major a built image would have to be', () => {
  const asked = {
    postgres: 17,
    'postgres:latest': 17,
    'postgres:15': 15,
    'docker.io/library/postgres:18': 18,
    'pglab/postgres:13': 13,
    'postgres:17-alpine': null,
    'bitnami/postgresql': null,
    'localhost:5000/postgres:15': null,
  };
  for (const [ref, major] of Object.entries(asked)) assert.equal(majorAskedFor(ref), major, ref);
});

test('failures of a pull are told apart by the words of engines old and new', () => {
  const said = {
    'toomanyrequests: You have reached your pull rate limit.': 'pull-rate-limit',
    'Get "https://r/v2/": dial tcp: lookup r on 10.0.0.1:53: no such host': 'pull-name-lookup',
    'Get "https://r/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)':
      'pull-timeout',
    'Get "https://r/v2/": context deadline exceeded': 'pull-timeout',
    'manifest for postgres:99 not found: manifest unknown: manifest unknown': 'pull-no-such-tag',
    'write /var/lib/docker/tmp/x: no space left on device': 'no-space',
    'pull access denied for nope, repository does not exist or may require docker login': 'pull-denied',
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused': 'pull-refused',
    'Get "https://10.0.0.1:5443/v2/": x509: certificate signed by unknown authority': 'pull-certificate',
    'Get "https://r/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid':
      'pull-certificate',
    'Get "https://10.0.0.1:5000/v2/": http: server gave HTTP response to HTTPS client': 'pull-plain-http',
    "error parsing HTTP 403 response body: invalid character '<' looking for beginning of value":
      'pull-forbidden',
    'received unexpected HTTP status: 403 Forbidden': 'pull-forbidden',
    'Get "https://r/v2/": proxyconnect tcp: dial tcp: lookup proxy.example: no such host': 'pull-proxy',
    'Get "https://r/v2/": Proxy Authentication Required': 'pull-proxy',
    'no matching manifest for linux/amd64 in the manifest list entries': 'pull-no-platform',
    'image with reference r/p:1 was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64':
      'pull-no-platform',
    'something else': 'pull-failed',
  };
  for (const [message, code] of Object.entries(said)) {
    assert.equal(pullTrouble('postgres', new Error(message)).code, code, message);
  }
});
