/** The interactive run, in a real pseudo-terminal: questions, Ctrl-C, a shell in the container. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { widthOf } from '../../src/wrap.ts';
import { CLI, containerOf, ended, openLab, type TestLab } from './lab.ts';
import { openTerminal, openTerminalBy, type Session } from './pty.ts';
import { openRelay } from './relay.ts';

const DEAF = 'deaf-by-test:17';

/** Its process 1 is no server, and has no ear for Ctrl-C. */
async function makeDeafImage({ docker }: TestLab): Promise<void> {
  const script = `trap '' INT; docker-entrypoint.sh postgres; exit`;
  const id = await docker('create', 'postgres:17');
  await docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(['bash', '-c', script])}`, id, DEAF);
  await docker('rm', '-v', id);
}

describe('the interactive run', () => {
  let lab: TestLab;
  let deaf: TestLab;
  let unheard: ReturnType<TestLab['json']>;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17' });
    deaf = openLab({ PGLAB_IMAGE: DEAF });
    await makeDeafImage(deaf);
    // It waits half a minute, beside the other tests.
    unheard = deaf.json('run', 'foreground-run', '--yes', '--run', 'unheard');
  });
  after(async () => {
    await lab.end();
    await deaf.pglab('reset', '--yes', '--run', 'unheard');
    await deaf.end();
    await lab.docker('rmi', DEAF);
  });
  const sessions: Session[] = [];
  const open = (...args: Parameters<typeof openTerminal>) => {
    const session = openTerminal(...args);
    sessions.push(session);
    return session;
  };
  // One that a failed test left would hold its run, and keep this process from ending.
  afterEach(() => {
    for (const session of sessions.splice(0)) session.kill();
  });

  test('a prediction is asked, and answered with the outcome', async () => {
    const session = open(lab, ['run', 'image', '--lang', 'en']);
    await session.sees(/How often is it downloaded\?/);
    await session.sees(/never: an image is made anew/);
    await session.sees(/↑↓ or 1–3 choose · Enter answers · Esc skips/);
    session.types('3');
    await session.sees(/❯ 3 /);
    session.types('\u001b[A\r');
    // What was chosen stands there with a mark that says nothing yet.
    await session.sees(/❯ once at most/);
    assert.doesNotMatch(session.text(), /✔/);
    await session.sees(/✓\S* You said “once at most”\. Right\./);
    assert.equal(await session.ends(), 0);
    const shown = open(lab, ['show', 'image', '--lang', 'en', '--no-color']);
    assert.equal(await shown.ends(), 0);
    assert.match(shown.text(), /What you said\s+You start ten[\s\S]+✓ You said “once at most”\. Right\./);
  });

  test('a question at 40 columns without colour: whole words; left by Ctrl-C, it is asked again; Esc skips it', async () => {
    const args = ['run', 'image', '--lang', 'en', '--no-color'];
    const left = open(lab, args, 40);
    await left.sees(/Esc\s+skips/);
    left.types('\u0003');
    assert.equal(await left.ends(), 130);
    const session = open(lab, args, 40);
    await session.sees(/How often/);
    await session.sees(/Esc\s+skips/);
    session.types('\u001b');
    await session.sees(/❯ skipped/);
    assert.equal(await session.ends(), 0);
    const text = session.text();
    assert.doesNotMatch(text, /interrupted/, 'nothing was lost by it');
    assert.doesNotMatch(text, /You said/);
    assert.doesNotMatch(text, /\u001b\[\d*m/, 'no colour');
    assert.ok(
      / {2}3 never: an image is made anew on\r+\n {4}each machine/.test(text),
      'an option goes on beneath itself',
    );
    for (const line of text.split(/\r+\n|\u001b\[\d*[AJ]/)) {
      const isCommand = /^\$ |\{.*\}/.test(line);
      if (!isCommand && line.trim().includes(' ')) assert.ok(widthOf(line.trimEnd()) <= 40, line);
    }
  });

  test('on a terminal that moves no cursor, the options have numbers, and a line is typed', async () => {
    const session = openTerminalBy(['env', 'TERM=dumb'], ['run', 'image', '--lang', 'en'], lab.env);
    sessions.push(session);
    await session.sees(/A number from 1 to 3, then Enter; Enter alone skips/);
    session.types('9\r');
    await session.sees(/A number from 1 to 3/);
    session.types('2\r');
    await session.sees(/❯ once at most/);
    await session.sees(/✓ You said “once at most”\. Right\./);
    assert.equal(await session.ends(), 0);
    assert.ok(!session.text().includes('\u001b'), 'no escape code at all');
  });

  test('of several engines that nobody named one is asked for, and the next question is heard, too', async () => {
    const engine = process.env.DOCKER_HOST?.replace('unix://', '') ?? '';
    const [runtime, desktop] = [join(lab.home, 'run'), join(lab.home, '.rd')];
    for (const folder of [runtime, desktop]) mkdirSync(folder);
    const relays = [
      await openRelay(join(runtime, 'docker.sock'), engine),
      await openRelay(join(desktop, 'docker.sock'), engine),
    ];
    const env = {
      ...lab.env,
      HOME: lab.home,
      XDG_RUNTIME_DIR: runtime,
      DOCKER_HOST: '',
      DOCKER_CONFIG: runtime,
    };
    // A verb that only reads asks before the first run as well, since that is where the run will be.
    const reader = open({ ...lab, env }, ['show', 'image', '--run', 'read', '--lang', 'en']);
    await reader.sees(/Several engines answer here/);
    reader.types('\u001b[B\r');
    await reader.sees(/engine\s+at\s+\S+\.rd\/docker\.sock\s+is\s+used;\s+others\s+are\s+at/);
    assert.equal(await reader.ends(), 0);
    const unasked = await ended(process.execPath, [CLI, 'hint', 'image', '--run', 'hinted', '--yes'], env);
    assert.match(unasked.stdout.replace(/\s+/g, ' '), /\/run\/docker\.sock is used; others are at .*\.rd/);
    const session = open({ ...lab, env }, ['run', 'image', '--run', 'several', '--lang', 'en']);
    await session.sees(/Several engines answer here/);
    await session.sees(/\.rd\/docker\.sock/);
    session.types('\r');
    await session.sees(/docker\.sock\s+is\s+used;\s+others\s+are\s+at/);
    await session.sees(/never: an image is made anew/);
    session.types('\u001b[B\r');
    await session.sees(/You said “once at most”\. Right\./);
    assert.equal(await session.ends(), 0);
    for (const relay of relays) relay.close();
  });

  for (const [name, key] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ] as const) {
    test(`${name} at a question cancels, exit 130`, async () => {
      const session = open(lab, ['run', 'image', '--lang', 'en']);
      await session.sees(/never: an image is made anew/);
      session.types(key);
      assert.equal(await session.ends(), 130);
      assert.match(session.text(), /Cancelled\. Nothing is lost/);
      assert.doesNotMatch(session.text(), /bug/);
    });
  }

  test('the foreground run holds the window until the learner presses Ctrl-C', async () => {
    const session = open(lab, ['run', 'foreground-run', '--lang', 'en']);
    await session.sees(/it is refused, and the container ends/);
    session.types('\r');
    await session.sees(/superuser password is not specified/);
    await session.sees(/Enter: the next command/);
    session.types('\r');
    await session.sees(/Press Ctrl-C to end it/);
    session.types('\u0003');
    await session.sees(/What of it matters:/);
    await session.sees(/lines left out/);
    await session.sees(/[▲◀] the first “ready”/);
    await session.sees(/Ctrl-C ended it in order/);
    await session.sees(/Not so: it was “it is refused, and the container\s+ends”/);
    assert.equal(await session.ends(), 0);
  });

  test('a server that does not hear Ctrl-C: pressed a third time, it cancels and takes the container along', async () => {
    const session = open(deaf, ['run', 'foreground-run', '--run', 'pressed', '--lang', 'en']);
    await session.sees(/it is refused, and the container ends/);
    session.types('\r');
    await session.sees(/Enter: the next command/);
    session.types('\r');
    await session.sees(/Press Ctrl-C to end it/);
    // As a person does: of signals that come at once, the system makes one.
    for (const _ of [1, 2, 3]) {
      session.types('\u0003');
      await sleep(500);
    }
    assert.equal(await session.ends(), 130);
    assert.match(session.text(), /Cancelled\. Nothing is lost/);
    assert.equal(await containerOf(deaf, 'pressed', 'foreground'), '');
  });

  test('exec gives a shell with a terminal, and psql in it', async () => {
    const session = open(lab, ['run', 'exec-psql', '--lang', 'en']);
    await session.sees(/only because we are root/);
    // Told beforehand: the line that will run here, and what is to be typed then.
    assert.match(session.text(), /here\s+\S*docker exec -it \S+ bash\s/);
    assert.match(session.text(), /with\s+the\s+semicolon/);
    assert.doesNotMatch(session.text(), /<<</);
    session.types('\r');
    await session.sees(/docker exec -it [0-9a-f]{12} bash/);
    await session.sees(/root@[0-9a-f]{12}:\/# /);
    session.types('psql -U postgres\r');
    await session.sees(/postgres=# /);
    session.types('\\q\r');
    await session.sees(/root@[0-9a-f]{12}:\/# /);
    session.types('exit\r');
    await session.sees(/psql is answered inside/);
    assert.equal(await session.ends(), 0);
  });

  for (const language of ['en', 'zh']) {
    test(`at 60 columns nothing of ours is wider (${language})`, async () => {
      for (const args of [
        ['show', 'port-mapping'],
        ['run', 'image', '--yes'],
        ['check', 'three-connections'],
        ['doctor'],
      ]) {
        const session = open(lab, [...args, '--lang', language, '--no-color'], 60);
        await session.ends();
        for (const line of session.text().split(/\r?\n/)) {
          const isCommand = /^\$ |^(here|article|这里|原文) |docker image inspect|^ +[({]|\{.*\}/.test(line);
          // A word that cannot be broken, such as a path, stays whole.
          const isOneWord = !line.trim().includes(' ');
          if (!isCommand && !isOneWord) assert.ok(widthOf(line) <= 60, `${args.join(' ')}: ${line}`);
        }
        assert.ok(!session.text().includes('\u001b[3'), 'no colour');
      }
    });
  }

  test('NO_COLOR and a pipe have no colour, a terminal has', async () => {
    const session = open(lab, ['list']);
    await session.ends();
    assert.match(session.text(), /\u001b\[32m✓/);
    const piped = await lab.pglab('list');
    assert.ok(!piped.stdout.includes('\u001b'));
  });

  test('a server that does not hear Ctrl-C is waited for no longer than half a minute, and judged', async () => {
    const { code, steps } = await unheard;
    const found = steps.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
    assert.deepEqual([code, ...found], [1, 'still-running']);
    assert.match(steps[0]?.commands[1]?.output ?? '', /ready to accept connections/);
    const id = await containerOf(deaf, 'unheard', 'foreground');
    assert.equal(await lab.docker('inspect', '--format', '{{.State.Running}}', id), 'true');
  });
});
