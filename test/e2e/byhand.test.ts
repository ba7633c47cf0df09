/** A learner who types the commands: in a real pseudo-terminal, watched, ticked, helped on request. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { containerOf, ended, setUpBy } from './lab.ts';
import { LearnerByHand } from './learner-by-hand.ts';

const PORT = 6650;
const TARGET = '/var/lib/postgresql/data';

describe('by hand', () => {
  const learner = new LearnerByHand(PORT);
  const { lab, start, startOf, untilReady, sql, finish, open, begin, resumed, journalOf } = learner;
  after(() => learner.end('hand-one', 'hand-two', 'hand-late', 'hand-port', 'hand-near'));
  afterEach(() => learner.tidiesUp());

  test('the goal and not the command; what goes wrong is said, helped on, and ticked when it is mended', async () => {
    await finish('image', 'foreground-run', '--run', 'hand-one');
    const session = begin('hand-one');
    await session.sees(/❯ 1 /);
    assert.doesNotMatch(session.text(), /The goal/, 'it might answer the question');
    session.types('\r');
    await session.sees(/The goal/);
    await session.sees(/without any\s+published port/);
    await session.sees(/0 of 4 · h hint/);
    assert.doesNotMatch(session.text(), /docker run -d -e/, 'the command is not given away');

    const wrong = await start('-p', `${PORT + 1}:5432`);
    await session.sees(/a container of postgres:17 started/);
    await session.sees(new RegExp(`5432 of ${wrong.slice(0, 12)} is published, on ${PORT + 1}`));
    session.types('h');
    await session.sees(/Hint 1 of 3[\s\S]*is published, on \d+\. A -p was given/);
    session.types('hh');
    await session.sees(/Hint 3 of 3[\s\S]*docker run -d -e POSTGRES_PASSWORD postgres/);
    session.types('s');
    await session.sees(/\$ docker run -d -e POSTGRES_PASSWORD postgres:17/);

    await lab.docker('rm', '-fv', wrong);
    await session.sees(/was removed/);
    const right = await start();
    await session.sees(new RegExp(`\\(${right.slice(0, 12)}\\) is taken as the\\s+container of step 3`));
    await session.sees(/5432\/tcp exposed, not published/);
    await session.sees(/Then and now/);
    assert.equal(await session.ends(), 0);
    const events = journalOf('hand-one');
    assert.ok(events.some(({ type, name, id }) => type === 'adopted' && name === 'quiet' && id === right));
    assert.ok(events.some(({ type, step }) => type === 'predicted' && step === 'detached-run'));
    // The next step takes the learner's own container, and the reset leaves it alone.
    const { code, stdout } = await finish('exec-psql', '--run', 'hand-one');
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`docker exec -i ${right.slice(0, 12)} bash`));
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'hand-one')).code, 0);
    assert.equal(await lab.docker('inspect', '--format', '{{.State.Running}}', right), 'true');
  });

  test('leave, and resume later where it was; then let pglab run it', async () => {
    await finish(
      'image',
      'foreground-run',
      'detached-run',
      'isolated-port',
      'exec-psql',
      '--run',
      'hand-two',
    );
    let session = begin('hand-two');
    await session.sees(/Do they clash/);
    session.types('\r');
    await session.sees(/0 of 4/);
    const elsewhere = await start('-p', `${PORT + 7}:5432`);
    await session.sees(/is published on/);
    await session.sees(/✓\S* Postgres answers through it/);
    session.types('q');
    await session.sees(/3 of 4/);
    assert.equal(await session.ends(), 1);
    session = begin('hand-two');
    await session.sees(/is published on/);
    assert.doesNotMatch(session.text(), /Do they clash/, 'a prediction is asked once');
    await lab.docker('rm', '-fv', elsewhere);
    await session.sees(/was removed/);
    session.types('r');
    await session.sees(new RegExp(`\\$ docker run -d -e POSTGRES_PASSWORD -p ${PORT}:5432 postgres:17`));
    await session.sees(/Postgres answers through it/);
    assert.equal(await session.ends(), 0);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'hand-two')).code, 0);
  });

  test('what has changed since is said before the question', async () => {
    await finish('image', 'foreground-run', 'detached-run', '--run', 'hand-drift');
    const quiet = await containerOf(lab, 'hand-drift', 'quiet');
    await lab.docker('rm', '-fv', quiet);
    const session = begin('hand-drift');
    await session.sees(
      new RegExp(`The container of step 3, ${quiet.slice(0, 12)},\\s+has\\s+been\\s+removed`),
    );
    await session.sees(/❯ 1 /);
    session.hangUp();
    await session.ends();
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'hand-drift')).code, 0);
  });

  test('two that fit: the learner is asked; with --yes it is the newest, and said', async () => {
    await lab.pglab('show', 'detached-run', '--run', 'hand-ask');
    await lab.pglab('show', 'detached-run', '--run', 'hand-newest');
    const older = await start();
    await start();
    const session = open('check', 'detached-run', '--run', 'hand-ask');
    await session.sees(/Which one is the container of step 3\?/);
    await session.sees(new RegExp(older.slice(0, 12)));
    session.types('\u001b[B\r');
    await session.sees(new RegExp(`\\(${older.slice(0, 12)}\\) is taken as the\\s+container of step 3`));
    assert.equal(await session.ends(), 0);
    // What one run has taken is no other's: beside the one that is left, one more.
    const newest = await start();
    const { code, stdout } = await lab.pglab('check', 'detached-run', '--run', 'hand-newest', '--yes');
    assert.equal(code, 0);
    assert.match(stdout, /Several containers could be the container of step 3\. The newest is taken/);
    assert.match(stdout, new RegExp(`The newest is taken,\\s+\\S+ \\(${newest.slice(0, 12)}\\)`));
  });

  test('a long set-up: its temporary server is not remembered as the one that must answer', async () => {
    const mount = setUpBy(lab, 'slow.sql', 'select pg_sleep(4);\n');
    const session = open('check', 'port-mapping', '--watch', '--run', 'hand-slow');
    await session.sees(/0 of 4/);
    await start('-p', `${PORT}:5432`, ...mount);
    await session.sees(/✓\S* Postgres answers through it/);
    assert.equal(await session.ends(), 0);
  });

  test('what only shows while it happens is watched: one of two is killed', async () => {
    const session = await resumed('hand-late', 'failure-isolation');
    // Both are pglab's own here: what the learner does to them is theirs to do.
    const other = await lab.docker(
      'ps',
      '-q',
      '--filter',
      'label=pglab.run=hand-late',
      '--filter',
      'label=pglab.name=other',
    );
    await session.sees(/still runs/);
    await sql(other, "create table orders as select 'paid at noon' as state");
    // In one line, as people do: the exit code stands there for a moment only.
    await ended('bash', ['-c', `docker kill ${other} && docker start ${other}`], lab.env);
    await session.sees(/✓\S* its own client saw it/);
    await session.sees(/✓\S* it recovered by itself/);
    await session.sees(/✓\S* the committed row is there/);
    assert.equal(await session.ends(), 0);
  });

  test('what is gone must have been seen there: a whole step in order', async () => {
    const session = await resumed('hand-late', 'disposable');
    const doomed = await start();
    await session.sees(/is taken as the\s+first/);
    await untilReady(doomed);
    await sql(doomed, "create table notes as select 'a day of work' as line");
    await session.sees(/✓\S* the row was there/);
    const volume = await lab.docker('inspect', '--format', '{{(index .Mounts 0).Name}}', doomed);
    await lab.docker('rm', '-f', doomed);
    await session.sees(/✓\S* container gone, volume left/);
    const successor = await start();
    await session.sees(/is taken as the\s+second/);
    await session.sees(/✓\S* a new one does not have it/);
    const finder = await start('-v', `${volume}:${TARGET}`);
    await session.sees(/is taken as the\s+third/);
    await session.sees(/✓\S* and the row is in it/);
    await lab.docker('rm', '-fv', successor);
    await session.sees(/✓\S* with -v nothing is left/);
    assert.equal(await session.ends(), 0);
    await lab.docker('rm', '-f', finder);
    await lab.docker('volume', 'rm', volume);
  });

  test('check --watch goes on until it is met, says how far it is, and is for people', async () => {
    const session = open('check', 'detached-run', '--watch', '--run', 'hand-watch');
    await session.sees(/0 of 4/);
    await start();
    await session.sees(/4 of 4/);
    assert.equal(await session.ends(), 0);
    for (const format of ['json', 'junit', 'tap']) {
      const { code, stderr } = await lab.pglab('check', '--watch', '--format', format);
      assert.equal(code, 64);
      assert.match(stderr, /`--watch` shows what happens as it happens/);
    }
  });

  test('what was checked met by hand is a step done, and hints know it', async () => {
    await lab.pglab('show', 'detached-run', '--run', 'hand-done');
    const id = await start();
    assert.equal((await lab.pglab('check', 'image', 'detached-run', '--run', 'hand-done', '--yes')).code, 0);
    const { stdout } = await lab.pglab('list', '--run', 'hand-done');
    assert.match(stdout, /✓ image/);
    assert.match(stdout, /✓ detached-run/);
    assert.match(stdout, /❯ +2 +foreground-run/);
    await lab.pglab('hint', 'exec-psql', '--run', 'hand-done');
    const hint = await lab.pglab('hint', 'exec-psql', '--run', 'hand-done');
    assert.ok(hint.stdout.includes(`docker exec -it ${id.slice(0, 12)} bash`), hint.stdout);
  });

  test('theirs on the port that ours would have had: the walk makes its own beside it', async () => {
    // Its second server has the port that is meant here.
    await lab.pglab('reset', '--yes', '--run', 'hand-late');
    await finish('image', 'port-mapping', '--run', 'hand-port');
    const other = await startOf('postgres:15', '-p', '6701:5432');
    await untilReady(other);
    const check = await lab.pglab('check', 'two-versions', '--run', 'hand-port');
    assert.equal(check.code, 0, check.stdout);
    const walked = await finish('failure-isolation', 'two-versions', '--run', 'hand-port');
    assert.equal(walked.code, 0, walked.stdout + walked.stderr);
    assert.match(walked.stdout, /-p 6702:5432/);
    assert.equal(await lab.docker('inspect', '--format', '{{.State.Running}}', other), 'true');
    await lab.pglab('reset', '--yes', '--run', 'hand-port');
  });

  test('what only comes near serves no step that needs it: ours is made', async () => {
    await finish('image', '--run', 'hand-near');
    const near = await start();
    await untilReady(near);
    await lab.pglab('check', 'three-connections', '--run', 'hand-near');
    const adopted = journalOf('hand-near').find(({ type, name }) => type === 'adopted' && name === 'mapped');
    assert.deepEqual([adopted?.id, adopted?.near], [near, true]);
    const walked = await finish('three-connections', '--run', 'hand-near');
    assert.equal(walked.code, 0, walked.stdout + walked.stderr);
    await lab.pglab('reset', '--yes', '--run', 'hand-near');
  });
});
