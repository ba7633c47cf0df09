/** Each writer of a grammar, against the program that reads it or a port of its reader; and what a terminal sees of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  inDoubleQuotes,
  inSingleQuotes,
  mountField,
  shellWord,
  urlPart,
  volumePart,
} from '../../src/grammar.ts';
import { type Added, filled, templateOf } from '../../src/lab/template.ts';
import { databaseArgument } from '../../src/postgres/database-argument.ts';
import { Trouble } from '../../src/trouble.ts';
import { painted, visible, visibleJson, visibleValue } from '../../src/visible.ts';

const NOTHING: Added = { ours: [], bare: [], named: [], owned: [] };

/** Random bytes as characters, hidden characters, and what readers mind. */
const text = fc
  .oneof(
    fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.string({
      unit: fc.constantFrom(...'\u001b\u009b\u202e\u2066\u200d\u200b\u2028\r\n\'"`$,=:;# a[2J'),
      maxLength: 16,
    }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '/host,volume-driver=local,volume-opt=device=/',
      '/a;reboot #',
      '$(id)',
      'host=127.0.0.9 port=7777',
    ),
  )
  .map((value) => value.replaceAll('\0', '').replace(/\p{Cs}/gu, ''));

function wordsOfBash(line: string): string[] {
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--norc', '-c', `show() { printf '%s\\0' "$@"; }; ${line}`],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  );
  assert.deepEqual([status, stderr], [0, ''], line);
  return stdout.split('\0').slice(0, -1);
}

/** Go's encoding/csv on one line, as Docker calls it: null where it would refuse. */
function fieldsOfCsv(line: string): string[] | null {
  const fields: string[] = [];
  for (let rest = line; ; ) {
    if (rest.startsWith('"')) {
      const [whole, quoted = ''] = /^"((?:[^"]|"")*)"(?=,|$)/.exec(rest) ?? [];
      if (whole === undefined) return null;
      fields.push(quoted.replaceAll('""', '"').replaceAll('\r\n', '\n'));
      rest = rest.slice(whole.length);
    } else {
      const [plain = ''] = /^[^,]*/.exec(rest) ?? [];
      if (/["\r\n]/.test(plain)) return null;
      fields.push(plain);
      rest = rest.slice(plain.length);
    }
    if (rest === '') return fields;
    rest = rest.slice(1);
  }
}

describe('a word of a shell', () => {
  test('comes out of a real bash as it went in, and shows a terminal nothing but what it shows', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const line = `show ${shellWord(a)} '${inSingleQuotes(b)}' "${inDoubleQuotes(a + b)}"`;
        assert.equal(visible(line), line);
        assert.deepEqual(wordsOfBash(line), [a, b, a + b]);
      }),
      { numRuns: 300 },
    );
  });

  test('stands as one would type it where it is plain', () => {
    assert.equal(shellWord('/var/lib/data'), '/var/lib/data');
    assert.equal(shellWord('a\u001b[2Jb'), `'a'$'\\x1b''[2Jb'`);
  });
});

describe('a list of --mount', () => {
  const line = templateOf('show --mount type=volume,src={{a}},dst={{b}} z');

  test('has each field back from the reader that Docker has, whatever stands in it', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        fc.pre(!`${a}${b}`.includes('\r\n'));
        const [, list = '', last] = wordsOfBash(filled(line, { a, b }, NOTHING, 'test'));
        assert.deepEqual(fieldsOfCsv(list), ['type=volume', `src=${a}`, `dst=${b}`]);
        assert.equal(last, 'z');
      }),
      { numRuns: 300 },
    );
  });

  test('is refused what that reader would change, and a placeholder that is a part of a field', () => {
    assert.equal(mountField('dst=/a\r\nb'), null);
    assert.throws(
      () => filled(line, { a: 'x', b: '/a\r\nb' }, NOTHING, 'test'),
      (error) => error instanceof Trouble && error.code === 'not-writable',
    );
    for (const broken of ['x --mount type=volume,{{a}}', 'x --mount dst=/a/{{b}}', 'x --mount dst={{b}}/c'])
      assert.throws(() => templateOf(broken), /whole value/, broken);
  });

  test('the same as --mount=…, in quotes, and as it is shown', () => {
    const list = 'type=volume,dst="/a,b"';
    for (const each of ['show --mount=type=volume,dst={{b}}', "show --mount 'type=volume,dst={{b}}'"]) {
      const told = wordsOfBash(filled(templateOf(each), { b: '/a,b' }, NOTHING, 'test')).at(-1) ?? '';
      assert.deepEqual(fieldsOfCsv(told.replace('--mount=', '')), ['type=volume', 'dst=/a,b'], list);
    }
  });
});

test('a part of -v has no colon, or the line is refused with the value named', () => {
  assert.equal(volumePart('/a,b'), '/a,b');
  const line = templateOf('docker run -v data:{{target}} x');
  assert.equal(filled(line, { target: '/a b' }, NOTHING, 'test'), "docker run -v data:'/a b' x");
  assert.throws(
    () => filled(line, { target: '/a:/etc' }, NOTHING, 'test'),
    (error) => error instanceof Trouble && error.code === 'not-writable' && error.values.value === '/a:/etc',
  );
});

test('a value never becomes part of what another shell runs', () => {
  for (const line of [
    'docker exec x bash -c "echo {{a}}"',
    "docker exec x /bin/sh -ec '{{a}}'",
    'docker exec -i x bash <<< "psql -U {{a}}"',
    'docker exec -i x bash <<< {{a}}',
    'eval echo {{a}}',
  ])
    assert.throws(() => templateOf(line), /another shell/, line);
  for (const line of ['cat <<< "{{a}}"', 'docker exec {{a}} bash', 'docker exec {{a}} bash -c "id"'])
    assert.ok(templateOf(line), line);
});

test('a part of a URL comes out of its reader as it went in; IPv6 stands in brackets', () => {
  fc.assert(
    fc.property(text, (value) => {
      const { pathname } = new URL(`x://host/${urlPart(`v${value}`)}`);
      fc.pre(!/^[\d.a-f]*:/i.test(`v${value}`));
      assert.equal(decodeURIComponent(pathname.slice(1)), `v${value}`);
    }),
  );
  const line = templateOf("show 'scheme://me@{{host}}:{{port}}/x'");
  assert.deepEqual(wordsOfBash(filled(line, { host: 'fd00::1', port: 1 }, NOTHING, 'test')), [
    'scheme://me@[fd00::1]:1/x',
  ]);
  assert.deepEqual(wordsOfBash(filled(line, { host: "h'@evil/", port: 1 }, NOTHING, 'test')), [
    'scheme://me@h%27%40evil%2F:1/x',
  ]);
});

test('the name of a database is a connection string only where psql would take it for one', () => {
  assert.equal(databaseArgument('my db'), 'my db');
  assert.equal(databaseArgument('host=127.0.0.9 port=7777'), "dbname='host=127.0.0.9 port=7777'");
  assert.equal(databaseArgument("postgres://x/'\\"), "dbname='postgres://x/\\'\\\\'");
});

describe('what a terminal sees', () => {
  const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

  test('of a text of others holds nothing that it would obey or hide', () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.doesNotMatch(visible(value), OBEYED);
        assert.doesNotMatch(visible(value, { lines: true }).replace(/[\n\t]/g, ''), OBEYED);
      }),
    );
    assert.equal(visible('a\u001b[2J\u202eb\nc\u009b'), 'a␛[2J\\u202eb␊c\\u009b');
  });

  test('of a line of ours is its colours alone, and those only where there is colour', () => {
    const line = '\u001b[1m\u001b[32mok\u001b[39m\u001b[22m \u001b[8mhidden\u001b[2J\u001b]0;title\u0007';
    assert.equal(
      painted(line, { colour: true }),
      '\u001b[1m\u001b[32mok\u001b[39m\u001b[22m ␛[8mhidden␛[2J␛]0;title␇',
    );
    assert.equal(painted(line, { colour: false }), 'ok ␛[8mhidden␛[2J␛]0;title␇');
  });

  test('of a name is no more than fits, however long it is', () => {
    const long = visibleValue('名'.repeat(1_000_000));
    assert.equal([...long].length, 201);
    assert.ok(long.endsWith('…'));
    assert.equal(visibleValue('🐘'.repeat(200)), '🐘'.repeat(200));
  });

  test('of JSON is escaped, and it is the same data', () => {
    const data = { a: '\u001b\u009b\u202e\u{e0041}é🐘', b: ['\n'] };
    const json = visibleJson(JSON.stringify(data, null, 2));
    assert.doesNotMatch(json.replaceAll('\n', ''), OBEYED);
    assert.deepEqual(JSON.parse(json), data);
  });
});
