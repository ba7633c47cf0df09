/** A step by hand in a real pseudo-terminal: what it waits for, which try counts, what it remembers, what a reset knows. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { widthOf } from '../../src/wrap.ts';
import { ended, openLab, type TestLab } from './lab.ts';
import { pathWith } from './path-with.ts';
import { openTerminal, type Session } from './pty.ts';
import { openRelay } from './relay.ts';
import { helpsBeside, judgesBeside } from './second-terminal.ts';

const IMAGE = 'postgres:17';

describe('a step begun by hand', () => {
  const port = randomInt(21_000, 29_000);
  let lab: TestLab;
  let password = `word-${randomInt(1e9)}`;
  let there: string[] = [];
  const sessions: Session[] = [];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_PORT: String(port) });
    there = await containers();
  });
  const containers = async () => (await lab.docker('ps', '-aq', '--no-trunc')).split('\n').filter(Boolean);
  after(async () => {
    await lab.pglab('reset', '--adopted', '--all-runs', '--yes');
    await lab.end();
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.kill();
    const made = (await containers()).filter((id) => !there.includes(id));
    if (made.length > 0) await lab.docker('rm', '-fv', ...made);
    password = `word-${randomInt(1e9)}`;
  });

  /** What a learner types in their other window: a whole line, in a shell with a password set. */
  const types = (line: string, env: NodeJS.ProcessEnv = { POSTGRES_PASSWORD: password }) =>
    ended('bash', ['-c', line], { ...lab.env, ...env });
  const typed = async (line: string) => {
    const { code, stdout, stderr } = await types(line);
    assert.equal(code, 0, `${line}: ${stderr}`);
    return stdout.trim();
  };
  const open = (run: string, ...args: string[]) => {
    const session = openTerminal(lab, ['next', '--by-hand', '--lang', 'en', '--run', run, ...args]);
    sessions.push(session);
    return session;
  };
  /** The step begun by hand, what comes before it left out; its question is answered. */
  const begin = async (run: string, step: string) => {
    const { list } = (await lab.json('list', '--run', run)) as unknown as { list: { id: string }[] };
    for (const { id } of list.slice(
      0,
      list.findIndex(({ id }) => id === step),
    ))
      await lab.pglab('skip', id, '--run', run);
    const session = open(run);
    await session.sees(/❯/);
    session.types('\r');
    await session.sees(/h hint/);
    return session;
  };
  const isOver = async (session: Session) => {
    await session.sees(/Then and now/);
    assert.equal(await session.ends(), 0);
  };
  const startsOn = (on: number) => `docker run -d -e POSTGRES_PASSWORD -p ${on}:5432 ${IMAGE}`;
  const ready = (id: string) =>
    typed(
      `until docker exec ${id} psql -h 127.0.0.1 -U postgres -c 'select 1' >/dev/null 2>&1; do sleep 0.2; done`,
    );

  test('of two that are alike the newest counts; one that fits less is told why not', async () => {
    const session = await begin('slip-newer', 'port-mapping');
    const wrong = await typed(startsOn(port + 1));
    await session.sees(new RegExp(`is published on ${port + 1}, not on ${port}`));
    const worse = await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    await session.sees(new RegExp(`${worse.slice(0, 12)}\\) is newer, and its ports are less as asked`));
    session.types('h');
    await session.sees(
      /→ If you made it for this step: \S*docker rm -f \w+\S*, then run it\s+again with \S*-p \d+:5432/,
    );
    await typed(startsOn(port));
    await isOver(session);
    // The tries are there still, and so is what they keep.
    assert.ok((await containers()).includes(wrong));
    assert.doesNotMatch(session.text(), /left (behind|by)/);
  });

  test('one from before the run ticks nothing and is left alone, though it would fit', async () => {
    const run = 'slip-older';
    const older = await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    const session = await begin(run, 'detached-run');
    await ready(older);
    session.types('h');
    await session.sees(/Hint 1 of 3/);
    await session.sees(/0 of 4 · h hint/);
    const theirs = await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    await isOver(session);
    assert.match(session.text(), new RegExp(`✓\\S* it runs\\s+\\S*${theirs.slice(0, 12)}`));
    assert.doesNotMatch(session.text(), new RegExp(older.slice(0, 12)));
    assert.equal((await lab.pglab('reset', '--adopted', '--yes', '--run', run)).code, 0);
    const left = await containers();
    assert.deepEqual([left.includes(older), left.includes(theirs)], [true, false]);
  });

  test('an older one whose name is in the way: started, it is told for what it is; removed, nothing false is said', async () => {
    const name = `older-${randomInt(1e6)}`;
    const older = await typed(`docker create --name ${name} -e POSTGRES_PASSWORD ${IMAGE}`);
    const session = await begin('slip-name', 'detached-run');
    const again = `docker run -d --name ${name} -e POSTGRES_PASSWORD ${IMAGE}`;
    assert.equal((await types(again)).code, 125);
    await typed(`docker start ${name}`);
    await session.sees(/was there before this step began[^.]*\./);
    await typed(`docker rm -fv ${name}`);
    await session.sees(/was removed/);
    await typed(again);
    await isOver(session);
    assert.doesNotMatch(session.text(), /was removed before pglab/);
    assert.ok(!(await containers()).includes(older));
  });

  test('what holds from the start waits for the learner: their word, or a session of theirs', async () => {
    const run = 'slip-acts';
    const next = async (title: RegExp) => {
      const session = open(run);
      await session.sees(title);
      await session.sees(/❯/);
      session.types('\r');
      await session.sees(/Your turn/);
      return session;
    };
    const image = await next(/The image/);
    await image.sees(/\$ docker image ls/);
    await image.sees(/already so/);
    await image.sees(/2 of 3/);
    assert.doesNotMatch(image.text(), /Then and now/);
    image.types('\r');
    await image.sees(/✓\S* the image is here/);
    await isOver(image);
    await lab.pglab('skip', 'foreground-run', '--run', run);
    const detached = await next(/A run in the background/);
    const quiet = await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    await isOver(detached);
    const isolated = await next(/A port that is isolated/);
    await isolated.sees(/\$ lsof[\s\S]*2 of 3/);
    isolated.types('\r');
    await isOver(isolated);
    await ready(quiet);
    const inside = await next(/Into the container/);
    await inside.sees(/2 of 3/);
    await helpsBeside(lab, run, '5');
    await judgesBeside(lab, run, 'exec-psql');
    assert.doesNotMatch(inside.text(), /a client other than pglab|Then and now/);
    await typed(`docker exec ${quiet} psql -U postgres -c 'select 1'`);
    await inside.sees(/a client other than pglab has reached the server of/);
    await isOver(inside);
  });

  test('who has no lsof, or no psql, is told so before they are asked to type it, and how to go on', async () => {
    const run = 'slip-no-client';
    const { code, stdout } = await lab.pglab('run', 'detached-run', 'port-mapping', '--yes', '--run', run);
    assert.equal(code, 0, stdout);
    for (const step of ['image', 'foreground-run', 'exec-psql']) await lab.pglab('skip', step, '--run', run);
    const args = ['next', '--by-hand', '--lang', 'en', '--run', run];
    for (const tool of ['lsof', 'psql']) {
      const session = openTerminal({ env: { ...lab.env, PATH: pathWith('bash', 'docker', 'env') } }, args);
      sessions.push(session);
      await session.sees(/❯/);
      session.types('\r');
      await session.sees(new RegExp(`There is no ${tool} on this machine`));
      await session.sees(/Leave out what cannot be typed here/);
      await session.sees(new RegExp(`Your turn[\\s\\S]*\\$ ${tool}`));
      session.types('\r');
      await isOver(session);
    }
  });

  test('who comes as soon as it is their turn is seen, however slow the engine is', async () => {
    const engine = String(process.env.DOCKER_HOST);
    const relay = await openRelay(join(lab.home, 'relay.sock'), engine.replace(/^unix:\/\//, ''));
    const slow = openLab({ ...lab.env, PGLAB_RUN: 'slip-soon', DOCKER_HOST: relay.url });
    try {
      assert.equal((await slow.pglab('run', 'detached-run', '--yes')).code, 0);
      for (const step of ['image', 'foreground-run', 'isolated-port']) await slow.pglab('skip', step);
      const session = openTerminal(slow, ['next', '--by-hand', '--lang', 'en']);
      sessions.push(session);
      await session.sees(/❯/);
      relay.slowDown('/exec/', 2_000);
      session.types('\r');
      await session.sees(/Your turn/);
      const quiet = await slow.docker('ps', '-q', '--filter', 'label=pglab.name=quiet');
      await typed(`docker exec ${quiet} psql -U postgres -c 'select 1'`);
      await isOver(session);
    } finally {
      await slow.end();
      relay.close();
    }
  });

  test('left and gone on with: by hand as before, the question asked once and resolved', async () => {
    const run = 'slip-left';
    const session = await begin(run, 'detached-run');
    session.types('q');
    await session.sees(/pglab next\S* goes on by hand/);
    assert.equal(await session.ends(), 1);
    // The run remembers that it is done by hand.
    const again = openTerminal(lab, ['next', '--lang', 'en', '--run', run], 40);
    sessions.push(again);
    await again.sees(/Your turn/);
    assert.doesNotMatch(again.text(), /❯/, 'the question was asked already');
    await again.sees(/0 of 4[\s\S]{1,40}h hint s show r run n anew q leave/);
    await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    await again.sees(/You said/);
    await isOver(again);
    // A status line that fits is drawn over, and not written once more below.
    const rows = again.text().split(/\n|\r|\u001b\[\d+A/);
    for (const row of rows) assert.ok(widthOf(row) <= 40, row);
  });

  test('a reset knows what was made by hand, asks for nothing and says the word that removes it', async () => {
    const run = 'slip-reset';
    const session = await begin(run, 'port-mapping');
    const wrong = await typed(startsOn(port + 2));
    await session.sees(/is published on/);
    const right = await typed(startsOn(port));
    await isOver(session);
    const { code, stdout } = await lab.pglab('reset', '--run', run, '--lang', 'en');
    assert.equal(code, 0, 'with nothing to remove nobody is asked');
    assert.match(stdout, /What you made by hand in this run: [24]/);
    assert.match(stdout, /container \S+ \(the container of step 6\) +\d+\.\d MB/);
    assert.match(stdout, /`pglab reset --adopted` removes that as well/);
    for (const id of [wrong, right]) assert.ok((await containers()).includes(id));
    const adopted = await lab.pglab('reset', '--adopted', '--yes', '--run', run);
    assert.equal(adopted.code, 0, adopted.stderr);
    const there = await containers();
    assert.deepEqual(
      [wrong, right].filter((id) => there.includes(id)),
      [],
      stdout + adopted.stdout,
    );
  });
});
