/**
 * Slips of a learner who works by hand, each in a real pseudo-terminal: what the screen must say, and the way out that
 * is then taken. Commands are cut from the screen; ports and names are drawn anew each time.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { widthOf } from '../../src/wrap.ts';
import { ended, openLab, type TestLab } from './lab.ts';
import { openShell, openTerminal, type Session } from './pty.ts';

const IMAGE = 'postgres:17';
const TARGET = '/var/lib/postgresql/data';

describe('a slip by hand', () => {
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
    await session.sees(/▸/);
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

  test('a container that never started does not keep a later one from counting', async () => {
    const taken = port + 500;
    const holder = await typed(startsOn(taken));
    const session = await begin('slip-created', 'port-mapping');
    assert.notEqual((await types(startsOn(taken))).code, 0);
    await session.sees(/never started: \d+ is\s+held by the container/);
    await typed(startsOn(port));
    await session.sees(/✓\S* Postgres answers through it/);
    await isOver(session);
    await typed(`docker rm -fv ${holder}`);
  });

  test('of two that are alike the newest counts; one that fits less is told why not', async () => {
    const session = await begin('slip-newer', 'port-mapping');
    const wrong = await typed(startsOn(port + 1));
    await session.sees(new RegExp(`is published on ${port + 1}, not on ${port}`));
    const worse = await typed(`docker run -d -e POSTGRES_PASSWORD ${IMAGE}`);
    await session.sees(new RegExp(`${worse.slice(0, 12)}\\) is newer, and its ports are less as asked`));
    session.types('h');
    await session.sees(
      /→ If you made it for this step: (docker rm -f \w+), then run it\s+again with -p \d+:5432/,
    );
    await typed(`docker rm -f ${wrong.slice(0, 12)}`);
    await typed(startsOn(port));
    await isOver(session);
  });

  test('the numbers of -p the wrong way round are told as swapped', async () => {
    const session = await begin('slip-swapped', 'port-mapping');
    const swapped = await typed(`docker run -d -e POSTGRES_PASSWORD -p 5432:${port} ${IMAGE}`);
    await session.sees(/the two numbers of -p are\s+swapped/);
    await typed(`docker rm -f ${swapped}`);
    await typed(startsOn(port));
    await isOver(session);
  });

  test('a port for this machine alone is right, with a remark', async () => {
    const session = await begin('slip-loopback', 'port-mapping');
    await typed(startsOn(port).replace('-p ', '-p 127.0.0.1:'));
    await session.sees(/leads in from this machine alone/);
    await isOver(session);
    const { steps } = await lab.json('check', 'port-mapping', '--run', 'slip-loopback');
    assert.equal(steps[0]?.checks.find(({ id }) => id === 'published')?.note, 'only-this-machine');
  });

  test('removed with -v by mistake: the screen says n, and n gets out', async () => {
    const session = await begin('slip-removed', 'disposable');
    const starts = `docker run -d -e POSTGRES_PASSWORD ${IMAGE}`;
    const writes = (id: string) =>
      typed(`docker exec ${id} psql -U postgres -c "create table notes as select 'a day of work' as line"`);
    const first = await typed(starts);
    await ready(first);
    await writes(first);
    await session.sees(/✓\S* the row was there/);
    await typed(`docker rm -fv ${first}`);
    await session.sees(/✗ container gone, volume left: the volume \w+… is gone, too/);
    session.types('h');
    await session.sees(/→ Begin the step anew: n/);
    session.types('n');
    await session.sees(/The step begins anew/);
    const second = await typed(starts);
    await session.sees(
      new RegExp(`${second.slice(0, 12)}\\) is taken as the\\s+first\\s+container of step 10`),
    );
    await ready(second);
    await writes(second);
    await session.sees(/✓\S* the row was there/);
    const volume = await typed(`docker inspect --format '{{(index .Mounts 0).Name}}' ${second}`);
    await typed(`docker rm -f ${second}`);
    await session.sees(/✓\S* container gone, volume left/);
    const successor = await typed(starts);
    await session.sees(/✓\S* a new one does not have it/);
    // The beginning of a volume's name is the name of another volume.
    const short = await typed(`${starts.replace(IMAGE, '')} -v ${volume.slice(0, 12)}:${TARGET} ${IMAGE}`);
    await session.sees(/is only the beginning/);
    await typed(`docker rm -f ${short}; docker volume rm ${volume.slice(0, 12)}`);
    await typed(`${starts.replace(IMAGE, '')} -v ${volume}:${TARGET} ${IMAGE}`);
    await session.sees(/✓\S* and the row is in it/);
    await typed(`docker rm -fv ${successor}`);
    await isOver(session);
  });

  test('a variable that is not set in the shell gives no password: told so; --rm is as good', async () => {
    const session = await begin('slip-unset', 'foreground-run');
    await types(`docker run --rm ${IMAGE}`, {});
    await session.sees(/✓\S* the bare run is refused/);
    await types(`docker run -e POSTGRES_PASSWORD ${IMAGE}`, {});
    await session.sees(/was refused as well: no password came in/);
    const window = openWindow(`docker run --rm -e POSTGRES_PASSWORD ${IMAGE}`);
    await window.sees(/ready to accept connections[\s\S]*ready to accept connections/);
    await session.sees(/✓\S* two servers said/);
    window.types('\u0003');
    await session.sees(/✓\S* Ctrl-C ended it in order/);
    await isOver(session);
  });

  test('what holds from the start waits for the learner: their word, or a session of theirs', async () => {
    const run = 'slip-acts';
    const next = async (title: RegExp) => {
      const session = open(run);
      await session.sees(title);
      await session.sees(/▸/);
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
    // In a second terminal: what is under way, and help.
    const where = await lab.pglab('--run', run, '--lang', 'en');
    assert.match(where.stdout, /Under way in another terminal: 5, [^\n]*by hand, 2 of 3/);
    for (const verb of ['hint', 'show', 'list']) {
      const { code, stdout } = await lab.pglab(verb, '--run', run, '--lang', 'en');
      assert.equal(code, 0, verb);
      assert.match(stdout, /Under way in another terminal: 5/, verb);
    }
    await typed(`docker exec ${quiet} psql -U postgres -c 'select 1'`);
    await inside.sees(/somebody who is not pglab has reached the server of quiet/);
    await isOver(inside);
  });

  test('left and gone on with: by hand as before, the question asked once and resolved', async () => {
    const run = 'slip-left';
    const session = await begin(run, 'detached-run');
    session.types('q');
    await session.sees(/pglab next goes on by hand/);
    assert.equal(await session.ends(), 1);
    // The run remembers that it is done by hand.
    const again = openTerminal(lab, ['next', '--lang', 'en', '--run', run], 40);
    sessions.push(again);
    await again.sees(/Your turn/);
    assert.doesNotMatch(again.text(), /▸/, 'the question was asked already');
    await again.sees(/0 of 4 · h s r n q/);
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
    assert.equal((await lab.pglab('reset', '--adopted', '--yes', '--run', run)).code, 0);
    for (const id of [wrong, right]) assert.ok(!(await containers()).includes(id));
  });

  /** The learner's other window, where something stays in the foreground. */
  function openWindow(line: string): Session {
    const env = { ...lab.env, POSTGRES_PASSWORD: password };
    const session = openShell({ ...lab, env }, 'bash', ['-c', line], lab.home);
    sessions.push(session);
    return session;
  }
});
