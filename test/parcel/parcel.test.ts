/** What `npm pack` makes, on a machine that never saw the source: no registry, an empty cache, an empty folder. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Result } from '../../src/report/result.ts';

const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** All that a parcel may hold. */
const MAY_HOLD = [
  /^dist\/web\/[a-z-]+\.(?:js|css)$/,
  /^(package\.json|LICENSE|README(\.zh)?\.md)$/,
  /^dist\/(pglab\.js|kept-code\.js|package\.json|THIRD-PARTY\.txt)$/,
  /^dist\/(src|chunks)\/[\w-]+\.js$/,
  /^dist\/labs\/[\w-]+\/[\w-]+\.js$/,
  /^dist\/types\/([\w-]+\/)*[\w-]+\.d\.ts$/,
  /^content\/([\w-]+\/)?[\w-]+\.(en|zh)\.md$/,
  /^src\/(image\/entrypoint\.sh|\w+\/\w+\.schema\.json)$/,
];
const MUST_HOLD = [
  'LICENSE',
  'dist/pglab.js',
  'dist/kept-code.js',
  'dist/web/learner.js',
  'dist/web/board.js',
  'dist/types/kit.d.ts',
  'src/image/entrypoint.sh',
];

const LAB = `import { defineStep, met, notMet } from 'pglab';

export default defineStep({
  id: 'hello',
  commands: [{ article: 'echo hello', run: 'echo hello', key: 'hello' }],
  checks: [
    {
      id: 'said',
      kind: 'running',
      says: ['ids'],
      finds: ['no-container'],
      async judge(look) {
        const ids = look.ran('hello')?.output.trim();
        return ids === undefined
          ? notMet('no-container', { name: 'hello' }, 'echo hello')
          : met({ ids }, 'echo hello');
      },
    },
  ],
});
`;

describe('the parcel', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-parcel-'));
  const lab = join(folder, 'labs/hello');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ HOME: join(folder, 'home'), PGLAB_HOME: join(folder, 'pglab'), LANG: 'C.UTF-8' },
    ...{ npm_config_cache: join(folder, 'cache'), npm_config_offline: 'true' },
    // `npm run -s` would silence the npm that is called here as well.
    npm_config_loglevel: 'notice',
    // A warning of Node's is a failure.
    ...{ NODE_OPTIONS: '--throw-deprecation', PGLAB_IMAGE: 'postgres:17' },
  };
  delete env.NODE_TEST_CONTEXT;
  const pglab = join(folder, 'node_modules/.bin/pglab');
  let parcel = '';

  before(() => {
    const [name] = JSON.parse(npm(ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
    parcel = join(folder, name.filename);
    mkdirSync(join(lab, 'content'), { recursive: true });
    cpSync(join(ROOT, 'test/labs/tiny/content'), join(lab, 'content'), { recursive: true });
    writeFileSync(join(folder, 'labs/package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  });
  after(() => {
    run(pglab, 'reset', '--yes', '--all-runs');
    rmSync(folder, { recursive: true, force: true });
  });

  /** In a folder that is nowhere near the checkout. */
  function run(program: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  function npm(cwd: string, ...args: string[]): string {
    return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  function met(program: string, ...args: string[]): Result {
    const { code, stdout, stderr } = run(program, ...args, '--yes', '--format', 'json');
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    const result: Result = JSON.parse(stdout);
    assert.equal(result.outcome, 'met');
    assert.ok(result.steps.length > 0, 'a step was run');
    return result;
  }

  test('holds what it needs, and no tests and no sources beside', () => {
    const files = execFileSync('tar', ['tzf', parcel], { encoding: 'utf8' }).trim().split('\n');
    const held = files.map((file) => file.replace('package/', ''));
    const others = held.filter((file) => !MAY_HOLD.some((pattern) => pattern.test(file)));
    assert.deepEqual(others, []);
    assert.deepEqual(
      MUST_HOLD.filter((file) => !held.includes(file)),
      [],
    );
  });

  test('is installed without a word of npm’s: it has no script that would run then', () => {
    const { code, stderr } = run('npm', 'install', parcel);
    assert.deepEqual([code, stderr], [0, '']);
  });

  test('is alone: nothing is installed beside it, and it is not private', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(installed, ['pglab']);
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/pglab/package.json'), 'utf8'));
    assert.deepEqual(
      [manifest.private, manifest.dependencies, manifest.license],
      [undefined, undefined, 'MIT'],
    );
    const licences = readFileSync(join(folder, 'node_modules/pglab/dist/THIRD-PARTY.txt'), 'utf8');
    for (const name of ['zx', 'dockerode', 'pg', 'enquirer'])
      assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: `, 'm'));
  });

  test('its types compile under --strict, and refuse what is no step', () => {
    const compile = (text: string) => {
      writeFileSync(join(folder, 'labs/01-hello.ts'), text);
      const strict = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', ''];
      return run(process.execPath, TSC, ...strict, '--outDir', lab, join(folder, 'labs/01-hello.ts'));
    };
    const wrong = compile(LAB.replace("id: 'hello'", 'id: 5'));
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.stdout, /'number' is not assignable to type 'string'/);
    const right = compile(LAB);
    assert.equal(right.code, 0, right.stdout);
  });

  test('a lab that was compiled against it is run on the engine', () => {
    const { steps, lab: id } = met(pglab, 'run', 'hello', '--lab', lab);
    assert.deepEqual([id, steps[0]?.checks[0]?.observed], ['hello', 'hello']);
  });

  test('a step of its own lab is run on the engine', () => {
    assert.equal(met(pglab, 'run', 'detached-run').steps[0]?.id, 'detached-run');
  });

  test('it has with it what an image is built from', () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    // It gets as far as the first package, and says what it was given.
    const given = 'for last; do :; done; sha256sum "$(dirname "$last")/docker-entrypoint.sh"; exit 1';
    writeFileSync(join(bin, 'mmdebstrap'), `#!/bin/sh\n${given}\n`, { mode: 0o755 });
    const { PATH } = env;
    Object.assign(env, { PATH: `${bin}:${PATH}`, PGLAB_IMAGES: join(folder, 'images') });
    const { code, stderr } = run(pglab, 'image', 'build', '--major', '17');
    Object.assign(env, { PATH, PGLAB_IMAGES: process.env.PGLAB_IMAGES });
    const entrypoint = readFileSync(join(ROOT, 'src/image/entrypoint.sh'));
    assert.equal(code, 2, stderr);
    assert.ok(stderr.includes(createHash('sha256').update(entrypoint).digest('hex')), stderr);
  });

  test('installed for all, it gives the kit to a lab that lies elsewhere', () => {
    const prefix = join(folder, 'global');
    npm(folder, 'install', '--global', '--prefix', prefix, parcel);
    const elsewhere = mkdtempSync(join(tmpdir(), 'pglab-lab-'));
    cpSync(join(folder, 'labs/package.json'), join(elsewhere, 'package.json'));
    cpSync(lab, join(elsewhere, 'hello'), { recursive: true });
    met(join(prefix, 'bin/pglab'), 'run', 'hello', '--lab', join(elsewhere, 'hello'), '--run', 'elsewhere');
    rmSync(elsewhere, { recursive: true });
  });

  test('unpacked by hand it runs', () => {
    execFileSync('tar', ['xzf', parcel, '-C', folder]);
    const { code, stdout } = run(process.execPath, join(folder, 'package/dist/pglab.js'), 'list');
    assert.deepEqual([code, stdout.match(/^[❯ ] +\d+ /gm)?.length], [0, 12], stdout);
  });

  for (const [language, sentence] of [
    ['en_GB.UTF-8', 'pglab needs Node 20.19, or 22.12 and later; this is VERSION.\n'],
    ['zh_CN.UTF-8', 'pglab 需要 Node 20.19，或 22.12 及以上的版本；现在用的是 VERSION。\n'],
  ] as const) {
    test(`a Node that is too old is told so in one sentence (${language})`, () => {
      env.LANG = language;
      const launcher = JSON.stringify(join(folder, 'node_modules/pglab/dist/pglab.js'));
      for (const version of ['16.20.2', '18.20.8', '20.18.3', '21.7.3', '22.0.0', '22.11.0']) {
        const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
        const { code, stdout, stderr } = run(process.execPath, '-e', `${pretend}; require(${launcher})`);
        assert.deepEqual([code, stdout, stderr], [2, '', sentence.replace('VERSION', version)]);
      }
      env.LANG = 'C.UTF-8';
    });
  }
});
