/** Bad input gets one clear sentence and its own exit code; nothing is lost, no stack is shown. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'junit2json';
import { Parser } from 'tap-parser';
import { CLI, ended, openLab, type TestLab } from './lab.ts';

const NOT_HERE = 'unix:///nonexistent/docker.sock';

describe('wrong usage', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  const wrong: string[][] = [
    ['nxt'],
    ['run'],
    ['run', 'port-maping'],
    ['run', 'image', '--all'],
    ['check', 'nope'],
    ['show', 'nope'],
    ['next', '--bogus'],
    ['next', '--port'],
    ['next', 'image'],
    ['list', '--lang', 'fr'],
    ['list', '--format', 'xml'],
    ['show', '--format', 'junit'],
    ['doctor', '--format', 'tap'],
    ['list', '--all-runs', '--format', 'junit'],
    ['list', '--all-runs', '--format', 'tap'],
    ['next', '--port', '0'],
    ['next', '--port', '70000'],
    ['next', '--port', 'abc'],
    ['next', '--image', 'x; rm -rf /'],
    ['next', '--image', ''],
    ['next', '--image', 'Postgres'],
    ['next', '--run', 'Not A Run'],
    ['next', '--host', 'nonsense'],
    ['engine', 'sideways'],
    ['image', 'build', '--major', 'x'],
  ];
  for (const args of wrong) {
    for (const language of ['en', 'zh']) {
      test(`${args.join(' ')} (${language})`, async () => {
        const { code, stdout, stderr } = await lab.pglab(
          ...args,
          ...(args.includes('--lang') ? [] : ['--lang', language]),
        );
        assert.equal(code, 64, stderr);
        const isForMachines = args.includes('junit') || args.includes('tap');
        assert.equal(stdout !== '', isForMachines, 'on stdout only what a machine asked for');
        assert.match(stderr, /^.+\n→ .+\n$/, 'a sentence, and what to do');
        assert.doesNotMatch(stderr, /\n\s+at |\{\{|…$/m);
        if (language === 'zh' && !args.includes('--lang')) assert.match(stderr, /\p{Script=Han}/u);
      });
    }
  }

  test('wrong usage in each format for machines: it can be read, and says that it is wrong usage', async () => {
    for (const args of [
      ['run', 'port-maping'],
      ['next', '--bogus'],
      ['list', '--all-runs'],
      ['engine', 'up', 'now'],
    ]) {
      const { code, stdout } = await lab.pglab(...args, '--format', 'junit');
      const report = await parse(stdout);
      const suites = report && 'testsuite' in report ? (report.testsuite ?? []) : [];
      const errors = suites.flatMap(({ testcase = [] }) => testcase).flatMap(({ error = [] }) => error);
      assert.deepEqual([code, errors.map(({ type }) => type)], [64, ['usage']], stdout);
      const tap = await lab.pglab(...args, '--format', 'tap');
      const bailout = Parser.parse(tap.stdout).find((line) => line[0] === 'bailout');
      assert.equal(tap.code, 64);
      assert.match(String(bailout?.[1]), /^usage: /);
    }
  });

  test('wrong usage as JSON has the envelope and trouble.code usage', async () => {
    const { code, trouble, outcome, schema } = await lab.json('run', 'port-maping');
    assert.deepEqual([code, trouble?.code, outcome, schema], [64, 'usage', 'unknown', 1]);
    assert.match(trouble?.message ?? '', /port-maping/);
    assert.match(trouble?.fix ?? '', /port-mapping/);
  });
});

describe('known trouble', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  test('an endpoint that is named but dead is trouble, exit 2, with its mend', async () => {
    const { code, stderr } = await lab.pglab('next', '--yes', '--host', NOT_HERE);
    assert.equal(code, 2);
    assert.match(stderr, /^No Docker engine answers at unix:\/\/\/nonexistent\/docker.sock \(ENOENT\)\.\n→ /);
    const json = await lab.json('next', '--yes', '--host', NOT_HERE);
    assert.deepEqual(
      [json.code, json.trouble?.code, json.outcome, json.engine],
      [2, 'engine-unreachable', 'unknown', null],
    );
    const tap = await lab.pglab('next', '--yes', '--host', NOT_HERE, '--format', 'tap');
    assert.match(tap.stdout, /^TAP version 13\nBail out! engine-unreachable: /);
  });

  test('a PGLAB_HOME that cannot be written', async () => {
    const file = join(lab.home, 'a-file');
    writeFileSync(file, '');
    const other = openLab({ PGLAB_HOME: join(file, 'home') });
    const { code, stderr } = await other.pglab('next', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, /cannot be written: /);
    rmSync(other.home, { recursive: true });
  });

  test('a journal that is cut in the middle of a line', async () => {
    assert.equal((await lab.pglab('run', 'image', '--yes', '--run', 'torn')).code, 0);
    const file = join(lab.home, 'runs/torn/journal.jsonl');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, '{"v":1,"seq":99,"type":"step-end');
    const { list, code } = await lab.json('list', '--run', 'torn');
    assert.deepEqual([code, (list as { outcome: string }[])[0]?.outcome], [0, 'met']);
    assert.equal((await lab.pglab('run', 'image', '--yes', '--run', 'torn')).code, 0);
    const after = readFileSync(file, 'utf8');
    assert.ok(after.startsWith(before));
    for (const line of after.trimEnd().split('\n')) JSON.parse(line);
    appendFileSync(file, 'garbage\n');
    const damaged = await lab.pglab('run', 'image', '--yes', '--run', 'torn');
    assert.equal(damaged.code, 0);
    assert.match(damaged.stdout, /journal that cannot be read: 1\./);
  });

  test('a run that is in use says by whom', async () => {
    const run = join(lab.home, 'runs/held');
    mkdirSync(run, { recursive: true });
    const started = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
    writeFileSync(join(run, 'lock'), `${process.pid} ${started} pglab next`);
    const { code, stderr } = await lab.pglab('run', 'image', '--yes', '--run', 'held');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`process ${process.pid} `));
  });

  test('content with a broken placeholder, and content that is missing', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'pglab-lab-')), 'tiny');
    cpSync(join(import.meta.dirname, '../labs/tiny'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(import.meta.dirname, '../..'), join(folder, 'node_modules/pglab'));
    const step = join(folder, '01-hello.js');
    writeFileSync(step, readFileSync(step, 'utf8').replaceAll('echo hello', 'echo {{nope}}'));
    const broken = await lab.pglab('run', 'hello', '--yes', '--run', 'broken');
    assert.equal(broken.code, 64, 'the lab of this home has no such step');
    const other = openLab({ PGLAB_LAB: folder });
    const { code, stderr } = await other.pglab('run', 'hello', '--yes');
    assert.deepEqual([code, /\{\{nope\}\} has no value/.test(stderr)], [2, true], stderr);
    rmSync(join(folder, 'content/01-hello.zh.md'));
    assert.equal((await other.pglab('list', '--lang', 'zh')).code, 2);
    assert.equal((await other.pglab('list', '--lang', 'en')).code, 0);
    await other.end();
  });

  test('texts of the help that are missing keep no verb from running, and no other line from being shown', () => {
    const copy = mkdtempSync(join(tmpdir(), 'pglab-texts-'));
    for (const part of ['dist', 'content', 'package.json'])
      cpSync(part, join(copy, part), { recursive: true });
    const file = join(copy, 'content/messages.en.md');
    const damaged = readFileSync(file, 'utf8').replace(
      /^## (verb|option)-(?!list|next)[\s\S]*?(?=^## )/gm,
      '',
    );
    writeFileSync(file, damaged);
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [join(copy, 'dist/pglab.js'), ...args], {
        env: { ...process.env, PGLAB_HOME: join(copy, 'home'), PGLAB_LANG: 'en' },
        encoding: 'utf8',
      });
    const list = call('list');
    assert.deepEqual([list.status, list.stderr], [0, '']);
    assert.match(list.stdout, /port-mapping/);
    const help = call('--help');
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, /^ {2}list .* the steps/m);
    assert.match(help.stdout, /^ {2}image .* verb-image$/m);
    rmSync(copy, { recursive: true });
  });

  test('a home where not even root may write', async () => {
    const other = openLab({ PGLAB_HOME: '/proc/pglab' });
    const { code, stderr } = await other.pglab('run', 'image', '--yes');
    assert.deepEqual([code, /\/proc\/pglab cannot be written: /.test(stderr)], [2, true], stderr);
    const doctor = await other.pglab('doctor');
    assert.equal(doctor.code, 2, doctor.stderr);
    assert.match(doctor.stdout, /^✗ home /m);
    rmSync(other.home, { recursive: true });
  });
});

describe('the command line as others use it', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  test('pglab alone: what this is, how long it takes, what it needs; then three lines', async () => {
    const { stdout, code } = await lab.pglab();
    assert.equal(code, 0);
    const [first, second, third] = stdout.trimEnd().split('\n').slice(-3);
    const about = stdout
      .slice(0, stdout.indexOf(first as string))
      .replaceAll('\n', ' ')
      .trim();
    assert.match(about, /^A guided lab, postgres-in-docker: 12 steps, ~30 minutes\. Needs Docker, or root/);
    assert.match(`${first}\n${second}\n${third}`, /^○{12} {2}No run yet: 12 .*\nNext: 1, .*\npglab next /);
  });

  test('a full disk behind the output is trouble, with its mend', async () => {
    const line = `"${process.execPath}" "${CLI}" list > /dev/full`;
    const { code, stderr } = await ended('bash', ['-c', line], lab.env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^The output could not be written: .*ENOSPC.*\n→ /);
    assert.doesNotMatch(stderr, /bug/);
  });

  test('a closed pipe ends it with 0, without a word', async () => {
    const line = `"${process.execPath}" "${join(import.meta.dirname, '../../dist/src/cli.js')}" list; echo "exit $?" >&2`;
    const { stdout, stderr } = spawnSync('bash', ['-c', `(${line}) | head -1`], {
      env: lab.env,
      encoding: 'utf8',
    });
    assert.match(stdout, /The image\n$/);
    assert.equal(stderr, 'exit 0\n');
  });

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

  test('who named an engine that is dead, wrong or unknown is said where anything is asked of it', async () => {
    const config = mkdtempSync(join(tmpdir(), 'pglab-config-'));
    writeFileSync(join(config, 'config.json'), '{"currentContext":"lost"}');
    const blind = { DOCKER_HOST: '', DOCKER_CONTEXT: '' };
    for (const [env, who, mend] of [
      [{ DOCKER_HOST: NOT_HERE }, 'by DOCKER_HOST', 'unset DOCKER_HOST'],
      [{ DOCKER_HOST: 'junk::' }, 'by DOCKER_HOST', 'unset DOCKER_HOST'],
      [{ ...blind, DOCKER_CONTEXT: 'gone' }, 'by DOCKER_CONTEXT', 'unset DOCKER_CONTEXT'],
      [{ ...blind, DOCKER_CONFIG: config }, join(config, 'config.json'), 'docker context use default'],
      [{ PGLAB_HOST: NOT_HERE }, 'by --host or PGLAB_HOST', 'unset PGLAB_HOST'],
    ] as const) {
      const bad = openLab({ PGLAB_HOME: lab.home, ...env });
      const { stderr } = await bad.pglab('next', '--yes');
      const lines = stderr.trimEnd().split('\n');
      assert.ok(lines.at(-2)?.includes(who) && lines.at(-1)?.includes(mend), stderr);
      const { trouble } = await bad.json('check', 'image');
      assert.ok(trouble?.message.includes(who) && trouble.fix.includes(mend), JSON.stringify(trouble));
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
    assert.match(of(gone, 'engine')[0]?.text ?? '', /context "gone"/);
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

  test('show prints the password’s export line, and runs nothing', async () => {
    const { stdout, code } = await lab.pglab('show', 'port-mapping');
    assert.equal(code, 0);
    assert.match(stdout, /^Once in each shell.*keeps it:$/m);
    assert.match(stdout, /^export POSTGRES_PASSWORD="\$\{POSTGRES_PASSWORD:-[0-9a-f]{24}\}"$/m);
    assert.match(stdout, /docker run -d -e POSTGRES_PASSWORD -p 6700:5432 postgres/);
  });

  test('a run that is not there is said where others are; a verb that only reads its journal makes none', async () => {
    const { code, stderr } = await lab.pglab('list', '--run', 'mistyped');
    assert.deepEqual([code, /There is no run mistyped yet\. Other runs: /.test(stderr)], [0, true], stderr);
    assert.ok(!existsSync(join(lab.home, 'runs', 'mistyped')));
    const hint = await lab.pglab('hint', 'image', '--run', 'hinted');
    assert.match(hint.stderr, /There was no run hinted; it begins here\. Other runs: /);
    assert.doesNotMatch((await lab.pglab('hint', 'image', '--run', 'hinted')).stderr, /no run/);
  });

  test('hints rise, and the last stays', async () => {
    const levels: unknown[] = [];
    for (let at = 0; at < 4; at += 1)
      levels.push(((await lab.json('hint', 'port-mapping')).hint as { level: number }).level);
    assert.deepEqual(levels, [1, 2, 3, 3]);
    // Before a container is there, a word stands in its place.
    const places: [string, RegExp][] = [
      ['exec-psql', /docker exec -it CONTAINER psql/],
      ['three-connections', /-h 127\.0\.0\.1 -p PORT`/],
    ];
    for (const [step, place] of places) {
      for (let at = 0; at < 2; at += 1) await lab.pglab('hint', step, '--run', 'empty');
      assert.match((await lab.pglab('hint', step, '--run', 'empty')).stdout.replace(/\s+/g, ' '), place);
    }
  });

  test('a run that was killed in the middle of a step is resumed', async () => {
    const child = lab.start('run', 'detached-run', 'exec-psql', '--yes', '--run', 'killed');
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (text) => String(text).includes('docker container ps') && resolve());
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    const { stdout } = await lab.pglab('--run', 'killed');
    assert.match(
      stdout,
      /Interrupted as well: detached-run was begun and not ended; `pglab run detached-run`/,
    );
    assert.match(stdout, /^Next: 1, /m);
    assert.match(stdout, /Needs Docker, or root\s+on/);
    assert.match(stdout, /^○{12} {2}Run killed: 0 of 12/m);
    const { code, steps } = await lab.json('run', 'detached-run', '--yes', '--run', 'killed');
    assert.deepEqual([code, steps[0]?.outcome], [0, 'met']);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'killed')).code, 0);
  });

  test('SIGTERM ends it with 130 and leaves no foreground container running', async () => {
    const filter = ['--filter', 'event=start', '--filter', 'label=pglab.name=foreground'];
    const events = spawn('docker', ['events', ...filter], {
      env: lab.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const started = new Promise((resolve) => events.stdout.once('data', resolve));
    const child = lab.start('run', 'foreground-run', '--yes', '--run', 'ended');
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await started;
    events.kill();
    child.kill('SIGTERM');
    assert.equal(await ended, 130);
    assert.equal(await lab.docker('ps', '-q', '--filter', 'label=pglab.run=ended'), '');
  });
});
