// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of a shell have them
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadLab } from '../../src/lab/load.ts';
import { mountedVolumes, publishedPorts } from '../../src/lab/run-options.ts';
import { type Added, filled, filledOpen, templateOf } from '../../src/lab/template.ts';
import { Trouble } from '../../src/trouble.ts';

const NOTHING: Added = { ours: [], bare: [], named: [], owned: [] };
const isBroken = (error: unknown) => error instanceof Trouble && error.code === 'content-broken';

/** What a program is given by a real bash: its words, each as the bytes that came. */
function wordsOfBash(line: string): string[] {
  // A name that bash runs as its first word: it prints all others with a NUL behind each.
  const told = spawnSync('bash', ['--norc', '-c', `show() { printf '%s\\0' "$@"; }; ${line}`], {
    encoding: 'utf8',
  });
  assert.equal(told.status, 0, `${line}\n${told.stderr}`);
  assert.equal(told.stderr, '');
  return told.stdout.split('\0').slice(0, -1);
}

/** Texts of all kinds: letters, what a shell takes apart, any Unicode, any byte as a character. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'\'"$`\\!{}()<>|&;#~*?[]= \t\n\r-^%,:/.@ab'), maxLength: 16 }),
    fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom(
      '$(id)',
      '`id`',
      "'; id; '",
      '"; id; "',
      '${HOME}',
      '\\',
      '\\\n',
      "\\'",
      '!!',
      '~',
      '-e',
      'A=b',
      '{a,b}',
    ),
  )
  .map((value) => value.replaceAll('\0', ''))
  .filter((value) => !/\p{Surrogate}/u.test(value));

/** A place in a line, and what a program would be given there. */
const PLACES: readonly [string, (a: string, b: string) => string[]][] = [
  ['show {{a}}', (a) => [a]],
  ['show {{a}} {{b}}', (a, b) => [a, b]],
  ['show x{{a}}y{{b}}', (a, b) => [`x${a}y${b}`]],
  ["show '{{a}}'", (a) => [a]],
  ['show \'x {{a}} "{{b}}" y\'', (a, b) => [`x ${a} "${b}" y`]],
  ['show "{{a}}"', (a) => [a]],
  [`show "x '{{a}}' y {{b}}"`, (a, b) => [`x '${a}' y ${b}`]],
  ['show "{{a}}"{{b}}', (a, b) => [a + b]],
  [`show {{a}}'{{b}}'"z"`, (a, b) => [`${a}${b}z`]],
  ['X={{a}}; show "$X" {{b}}', (a, b) => [a, b]],
  ["show '$(id) ` {{a}}'", (a) => [`$(id) \` ${a}`]],
  ['show "a\\"b {{a}}" \\$x {{b}}', (a, b) => [`a"b ${a}`, '$x', b]],
  ['show <<< "{{a}}" {{b}}', (_, b) => [b]],
  ['true && show {{a}} 2> /dev/null', (a) => [a]],
];

test('whatever a value is, a real bash gives it on as it is, at every place that a line may have', () => {
  const cases = fc.tuple(fc.constantFrom(...PLACES), text, text);
  fc.assert(
    fc.property(cases, ([[line, expected], a, b]) => {
      assert.deepEqual(wordsOfBash(filled(templateOf(line), { a, b }, NOTHING, 'test')), expected(a, b));
    }),
    { numRuns: 400 },
  );
});

test('with a value on standard input the same holds', () => {
  fc.assert(
    fc.property(text, (a) => {
      const line = filled(templateOf('cat <<< "x {{a}}"'), { a }, NOTHING, 'test');
      const { stdout } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
      assert.equal(stdout, `x ${a}\n`);
    }),
    { numRuns: 60 },
  );
});

test('pasted into a shell that keeps a history, no value calls it', () => {
  for (const value of ['a!b', '!!', 'x !$ "y', "it's !echo"]) {
    for (const quotes of ['', "'", '"']) {
      const line = filled(templateOf(`show ${quotes}{{a}}${quotes}`), { a: value }, NOTHING, 'test');
      const input = `set -o history\nset -H\nshow() { printf '%s' "$@"; }\n${line}\n`;
      const { stdout, stderr } = spawnSync('bash', ['--norc'], { input, encoding: 'utf8' });
      assert.deepEqual([stdout, stderr], [value, ''], line);
    }
  }
});

test('plain values stand as they are, so that a line reads as one would type it', () => {
  const line =
    "docker run -p {{port}}:5432 {{image}} && psql 'postgresql://postgres@{{host}}:{{port}}/postgres'";
  assert.equal(
    filled(
      templateOf(line),
      { port: 6700, image: 'a.b:5000/postgres:17', host: '127.0.0.1' },
      NOTHING,
      'test',
    ),
    "docker run -p 6700:5432 a.b:5000/postgres:17 && psql 'postgresql://postgres@127.0.0.1:6700/postgres'",
  );
});

test('a value that is not there is broken content, or … where it is still to come; no value holds a NUL', () => {
  const line = templateOf("docker run '{{x}}' {{y}}");
  assert.throws(() => filled(line, { x: 1 }, NOTHING, 'step one'), isBroken);
  assert.throws(() => filled(templateOf('echo {{constructor}}'), {}, NOTHING, 'step one'), isBroken);
  assert.equal(filledOpen(line, { x: 1 }, NOTHING), "docker run '1' …");
  assert.throws(
    () => filled(line, { x: 'a\0b', y: 1 }, NOTHING, 'step one'),
    (error) => error instanceof Trouble && error.code === 'not-writable',
  );
});

test('additions are words, each quoted by itself; where there are none, there is no gap', () => {
  const line = templateOf("docker run {{ours}} {{bare}} -c '  {{x}}' {{owned}}");
  const added = { ...NOTHING, ours: ['--label', 'it=a b', '-e', 'P'] };
  assert.equal(filled(line, { x: 1 }, added, 'test'), "docker run --label 'it=a b' -e P -c '  1'");
});

test('a placeholder where nothing could be quoted safely is refused', () => {
  const refused = [
    'echo $(cat {{x}})',
    'echo "$(cat {{x}})"',
    'echo `cat {{x}}`',
    'echo "`cat {{x}}`"',
    'echo ${y:-{{x}}}',
    "echo $'{{x}}'",
    'cat << END\n{{x}}\nEND',
    'cat <<END\n{{x}}\nEND',
    'echo $(({{x}}))',
    '(( {{x}} ))',
    'echo # {{x}}',
    'echo \\{{x}}',
    'echo "\\{{x}}"',
    'echo ${{x}}',
    'echo "a${{x}}"',
    'echo {a,{{x}}}',
    'echo ~{{x}}',
    '{{x}} run',
    'true; {{x}}',
    'A=b {{x}}',
    'true | {{x}}',
    "echo '{{ours}}'",
    'echo "{{ours}}"',
    'echo a{{ours}}',
    'echo {{ours}}b',
    "echo '{{x}}",
    'echo "a',
  ];
  for (const line of refused) assert.throws(() => templateOf(line), isBroken, line);
});

test('what looks alike and is safe is let through', () => {
  for (const line of [
    "echo '$(id) `id` # \\{{x}}'",
    'echo "# (( {a ~{{x}}"',
    'echo a#{{x}}',
    'echo ${HOME} {{x}}',
    'echo "${HOME}" {{x}}',
    "docker ps --format '{{.ID}} {{json .Mounts}}' {{x}}",
    'cat <<< {{x}}',
    'A={{x}} echo',
    'echo > {{x}}/y',
  ])
    assert.deepEqual([...templateOf(line).names], ['x'], line);
});

test('the ports that a line publishes, and the former volumes that it mounts', () => {
  const ports = {
    'docker run -d -p {{port}}:5432 {{image}}': ['port'],
    'docker run -p 127.0.0.1:{{port}}:5432 x': ['port'],
    "docker run -p '{{port}}:5432' x": ['port'],
    'docker run --publish={{a.port}}:5432 -p{{b.port}}:1 x': ['a.port', 'b.port'],
    'docker run --publish {{a.port}}:{{b.port}} x': ['a.port'],
    'docker run -p 1{{port}}:5432 x': [],
    'docker run -p {{port}} x': [],
    'psql -h {{host}} -p {{mapped.port}} -c 1': [],
    "echo '-p {{port}}:5432'": [],
  };
  for (const [line, names] of Object.entries(ports))
    assert.deepEqual(publishedPorts(templateOf(line)), names, line);
  const volumes = {
    'docker run --mount type=volume,src={{doomed.volume}},dst={{target}} x': ['doomed'],
    "docker run --mount='type=volume,source={{a-b.volume}},dst=/x' x": ['a-b'],
    'docker run -v {{doomed.volume}}:{{target}} x': ['doomed'],
    'docker run -v pglab-{{owner}}-data:{{target}} x': [],
    'docker run --mount type=volume,dst={{x.volume}} x': [],
    'docker run -v {{folder}}/config:/etc x': [],
  };
  for (const [line, names] of Object.entries(volumes))
    assert.deepEqual(mountedVolumes(templateOf(line)), names, line);
});

test('a lab with a line that could not be filled safely is refused when it is loaded, and the line named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-lines-'));
  for (const [at, command] of [
    { article: null, run: 'echo $(cat {{x}})' },
    { article: null, run: 'true', terminal: "echo '{{x}}" },
  ].entries()) {
    const file = `0${at + 1}-one.mjs`;
    const step = { id: 'one', commands: [command], checks: [] };
    writeFileSync(join(folder, file), `export default ${JSON.stringify(step)};`);
    await assert.rejects(
      loadLab({ id: 'lines', steps: folder, content: folder, bundled: false }),
      (error) => {
        assert.ok(error instanceof Trouble && error.code === 'lab-broken');
        assert.equal(error.values.file, file);
        assert.ok(String(error.values.why).includes('{{x}}'), String(error.values.why));
        return true;
      },
    );
    rmSync(join(folder, file));
  }
});
