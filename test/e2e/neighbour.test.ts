/** Databases that were there before: a neighbour's, and the learner's own older ones. Judged, called so, left alone. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { BAIT, besideNeighbours, DATA, NAME, PORT, TARGET } from './neighbours.ts';
import { openTerminal } from './pty.ts';

describe('a database that was there before', () => {
  const { lab, start, neighbour, isThere, volumes, stateOf, standing, adoptedIn, linesOf } =
    besideNeighbours();

  test('is judged and called so; neither next nor reset --adopted uses or touches it', async () => {
    const id = await neighbour();
    await lab.docker('exec', id, 'psql', '-U', 'postgres', '-c', 'create table theirs as select 1');
    const before = await stateOf(id);
    const run = ['--run', 'beside', '--yes'];
    const checked = await lab.pglab('check', 'port-mapping', ...run, '--lang', 'en');
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(
      checked.stdout.replace(/\s+/g, ' '),
      new RegExp(`${NAME} \\(${id.slice(0, 12)}\\) was there before this run`),
    );
    assert.match(checked.stdout, new RegExp(`✓ it runs +${id.slice(0, 12)}`));
    assert.deepEqual(adoptedIn('beside'), []);
    const walked = await lab.json('run', 'three-connections', ...run);
    assert.equal(walked.code, 0, JSON.stringify(walked));
    assert.deepEqual(
      linesOf('beside', 'made').map(({ name }) => name),
      ['mapped'],
    );
    const ran = walked.steps.flatMap(({ commands }) => commands.map((each) => each.ran));
    assert.ok(
      ran.length > 2 && ran.every((line) => !line.includes(PORT) && !line.includes(id.slice(0, 12))),
      ran.join('\n'),
    );
    const reset = await lab.json('reset', '--adopted', ...run);
    assert.equal(reset.code, 0);
    assert.equal(await stateOf(id), before);
    assert.equal(await lab.docker('exec', id, 'psql', '-U', 'postgres', '-Atc', 'table theirs'), '1');
  });

  test('a volume of before is judged as well, whatever else comes near', async () => {
    await start();
    const first = await start('-v', `${DATA}:${TARGET}`);
    await lab.docker(
      'exec',
      first,
      'psql',
      '-U',
      'postgres',
      '-c',
      "create table kept as select 'worth keeping' as line",
    );
    await lab.docker('rm', '-f', first);
    await start('-e', 'POSTGRES_PASSWORD=new', '-v', `${DATA}:${TARGET}`);
    const { steps } = await lab.json('check', 'volume-persistence', '--yes', '--run', 'older');
    assert.equal(steps[0]?.checks.find(({ id }) => id === 'mounted')?.outcome, 'met', JSON.stringify(steps));
    assert.deepEqual(adoptedIn('older'), []);
    assert.equal((await lab.pglab('reset', '--adopted', '--yes', '--run', 'older')).code, 0);
    assert.ok((await volumes()).includes(DATA));
  });

  test('a bait gets no shell: commands, show and hints go to what is ours', async () => {
    const id = await start('--name', BAIT);
    const run = ['--run', 'baited', '--yes'];
    assert.equal((await lab.json('check', 'detached-run', ...run)).code, 0, 'it is judged');
    await lab.pglab('check', 'exec-psql', ...run);
    const told = [await lab.pglab('show', 'exec-psql', ...run)];
    for (const _ of [1, 2, 3]) told.push(await lab.pglab('hint', 'exec-psql', ...run));
    for (const { stdout } of told) assert.ok(!stdout.includes(id.slice(0, 12)), stdout);
    const walked = await lab.json('run', 'exec-psql', ...run);
    assert.equal(walked.code, 0);
    const [{ ran } = { ran: '' }] = walked.steps[0]?.commands ?? [];
    const ours = linesOf('baited', 'made')[0]?.id ?? '?';
    assert.ok(ran.includes(ours.slice(0, 12)) && !ran.includes(id.slice(0, 12)), ran);
    assert.equal((await lab.pglab('reset', '--adopted', ...run)).code, 0);
    assert.ok(await isThere(BAIT));
  });

  test('said to be theirs it is used, and reset --adopted takes it; its volume stays, and is said', async () => {
    const id = await neighbour();
    const run = ['--run', 'said', '--yes', '--lang', 'en'];
    assert.equal((await lab.pglab('check', 'port-mapping', '--adopt', NAME, ...run)).code, 0);
    const [adopted] = adoptedIn('said');
    assert.deepEqual([adopted?.name, adopted?.id, adopted?.how], ['mapped', id, 'said']);
    const walked = await lab.json('run', 'three-connections', ...run);
    assert.equal(walked.code, 0);
    assert.deepEqual(linesOf('said', 'made'), []);
    assert.ok(walked.steps[0]?.commands.some(({ ran }) => ran.includes(`-p ${PORT}`)));
    const reset = await lab.pglab('reset', '--adopted', ...run);
    assert.equal(reset.code, 0);
    assert.match(reset.stdout, new RegExp(`Left alone[\\s\\S]*volume ${DATA}`));
    assert.ok(!(await isThere(NAME)) && (await volumes()).includes(DATA));
  });

  test('in a walk it is looked for as well; a volume that is named goes with it', async () => {
    const id = await neighbour();
    const run = ['--run', 'named', '--yes'];
    const walked = await lab.json(
      'run',
      'three-connections',
      '--adopt',
      `${id.slice(0, 12)},${DATA}`,
      ...run,
    );
    assert.equal(walked.code, 0);
    assert.deepEqual(linesOf('named', 'made'), []);
    const dry = await lab.json('reset', '--dry-run', ...run);
    assert.deepEqual((dry.reset as { plan: object[] }).plan, [], 'without --adopted nothing goes');
    assert.deepEqual(
      (dry.reset as { kept: { id: string }[] }).kept.map((each) => each.id).sort(),
      [DATA, id].sort(),
    );
    assert.equal((await lab.pglab('reset', '--adopted', ...run)).code, 0);
    assert.ok(!(await isThere(NAME)) && !(await volumes()).includes(DATA));
  });

  test('what is made after show was read counts, its own volume too; one of before stays', async () => {
    const run = ['--run', 'after-show', '--yes'];
    assert.equal((await lab.json('show', 'port-mapping', ...run)).run, 'after-show');
    const [pin] = linesOf('after-show', 'engine-pinned');
    assert.ok(pin?.there?.volumes.includes(DATA));
    const mine = `${DATA}-mine`;
    const flags = ['-v', `${mine}:${TARGET}`, '-v', `${DATA}:/older`];
    const id = await start('--name', NAME, '-p', `${PORT}:5432`, ...flags);
    assert.equal((await lab.json('check', 'port-mapping', ...run)).code, 0);
    const [adopted] = adoptedIn('after-show');
    assert.deepEqual([adopted?.id, adopted?.how], [id, 'made-in-run']);
    assert.equal((await lab.pglab('reset', '--adopted', ...run)).code, 0);
    assert.ok(!(await isThere(NAME)));
    const left = await volumes();
    assert.deepEqual([left.includes(mine), left.includes(DATA)], [false, true]);
  });

  test('by hand: what was made after show is ticked, what was there before is not', async () => {
    const older = await start();
    const run = ['--run', 'hand-show', '--yes'];
    await lab.pglab('skip', 'image', ...run);
    await lab.pglab('skip', 'foreground-run', ...run);
    await lab.pglab('show', 'detached-run', ...run);
    const mine = await start();
    const watched = await lab.pglab('next', '--by-hand', ...run);
    assert.equal(watched.code, 0, watched.stdout + watched.stderr);
    assert.deepEqual(
      adoptedIn('hand-show').map(({ id }) => id),
      [mine],
    );
    assert.notEqual(mine, older);
    await lab.pglab('reset', ...run);
  });

  test('at a terminal the learner is asked, once a run, and a no is kept', async () => {
    const id = await neighbour();
    const ask = (run: string) => openTerminal(lab, ['check', 'port-mapping', '--run', run, '--lang', 'en']);
    const no = ask('asked-no');
    await no.sees(/Is it yours, to be/);
    no.types('\r');
    await no.sees(/was there before this run/);
    assert.equal(await no.ends(), 0);
    assert.deepEqual(adoptedIn('asked-no'), []);
    const again = ask('asked-no');
    await again.sees(/4 of 4/);
    assert.equal(await again.ends(), 0);
    assert.doesNotMatch(again.text(), /Is it yours/);
    const yes = ask('asked-yes');
    await yes.sees(/Is it yours, to be/);
    yes.types('y\r');
    await yes.sees(/is taken as the\s+container of step 6/);
    assert.equal(await yes.ends(), 0);
    assert.deepEqual(
      adoptedIn('asked-yes').map((each) => [each.id, each.how]),
      [[id, 'said']],
    );
    for (const run of ['asked-no', 'asked-yes']) await lab.pglab('reset', '--yes', '--run', run);
  });

  test('two seats: what the second made by hand is not taken by the first', async () => {
    for (const seat of ['side-1', 'side-2']) await lab.pglab('show', '--run', seat);
    const id = await start('-p', `${PORT}:5432`);
    assert.equal((await lab.json('check', 'port-mapping', '--yes', '--run', 'side-2')).code, 0);
    const first = await lab.json('check', 'port-mapping', '--yes', '--run', 'side-1');
    assert.equal(first.code, 1);
    assert.deepEqual(adoptedIn('side-1'), []);
    assert.deepEqual(
      adoptedIn('side-2').map((each) => each.id),
      [id],
    );
    for (const seat of ['side-1', 'side-2']) await lab.pglab('reset', '--yes', '--run', seat);
  });

  test('what --adopt names must be one thing that is there, and not ours', async () => {
    const run = ['--run', 'misnamed', '--yes'];
    const of = async (name: string) => {
      const { code, trouble } = await lab.json('check', 'detached-run', '--adopt', name, ...run);
      return [code, trouble?.code ?? null];
    };
    assert.deepEqual(await of('$(id)'), [64, 'usage']);
    assert.deepEqual(await of(''), [64, 'usage']);
    assert.deepEqual(await of('nobody-here'), [2, 'adopt-unknown']);
    await lab.pglab('run', 'detached-run', ...run);
    assert.deepEqual(await of(linesOf('misnamed', 'made')[0]?.id ?? ''), [2, 'adopt-ours']);
    const id = await start('--name', NAME);
    const imitation = await start('--name', id.slice(0, 12));
    assert.deepEqual(await of(id.slice(0, 12)), [2, 'adopt-unclear']);
    assert.notEqual(imitation, id);
    await lab.docker('rm', '-fv', id);
    const nothing = await lab.pglab('check', 'image', '--adopt', DATA, ...run, '--lang', 'en');
    assert.match(nothing.stdout, new RegExp(`${DATA} was named with --adopt, and nothing`));
    await lab.pglab('reset', ...run);
  });

  test('show begins the run without an engine as well, also where one is mute', async () => {
    const mute = createServer(() => {}).listen(join(lab.home, 'mute.sock'));
    await once(mute, 'listening');
    const nowhere = ['--run', 'nowhere', '--host', `unix://${join(lab.home, 'mute.sock')}`];
    assert.equal((await lab.pglab('show', 'port-mapping', ...nowhere)).code, 0);
    mute.close();
    assert.deepEqual(
      standing('nowhere').events.map(({ type }) => type),
      ['run-started'],
    );
    await lab.json('check', 'image', '--run', 'nowhere');
    assert.equal(linesOf('nowhere', 'engine-pinned').filter(({ there }) => there).length, 1);
  });
});
