/** Whose a container without our label is: by what was there when the run began, or by the learner's word. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Engine, EngineInfo, ListedContainer } from '../../src/engine/types.ts';
import type { JournalEvent, JournalLine } from '../../src/journal/events.ts';
import { isOther, pinnedEngine } from '../../src/journal/pin.ts';
import { openJournal } from '../../src/journal/record.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { meantBy, takenByOthers, whoseIs } from '../../src/runner/ground/whose.ts';
import { adoptedThings } from '../../src/world/adopted-things.ts';
import { linesOf } from '../stories.ts';

const [OLD, NEW, THIRD] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const INFO = {
  ...{ name: 'e', id: 'E', version: '1', apiVersion: '1' },
  endpoint: 'unix:///e',
  builtIn: false,
};
const begun = { type: 'run-started', lab: 'l', content: '', pglab: '1', journal: 'j' } as const;
const pinned = (there?: { containers: string[]; volumes: string[] }): JournalEvent => ({
  ...{ type: 'engine-pinned', engine: INFO, root: '/e' },
  ...(there && { there: { ...there, networks: [] } }),
});
const byHand = (...before: string[]): JournalEvent => ({
  ...{ type: 'step-started', step: 's', values: {}, byHand: { before } },
});
const adopted = (more: object): JournalEvent =>
  ({ type: 'adopted', kind: 'container', name: 'mapped', id: NEW, volume: null, ...more }) as JournalEvent;
const standing = (...events: JournalEvent[]) => standingOf(linesOf([begun, ...events]));
const whose = (of: ReturnType<typeof standing>, id: string, said: string[] = []) =>
  whoseIs({ said: new Set(said), journal: { standing: of } }, id);

describe('what was made in the run', () => {
  test('is what was not there when the run came to its engine; later pins change nothing', () => {
    const of = standing(pinned({ containers: [OLD], volumes: ['old'] }), byHand(OLD, NEW), pinned());
    assert.deepEqual([whose(of, OLD), whose(of, NEW)], ['there-before', 'made-in-run']);
    assert.deepEqual(
      ['old', 'new'].map((name) => of.isMadeInRun('volume', name)),
      [false, true],
    );
  });

  test('where that was never told, is what came after a step by hand began, or was adopted then', () => {
    assert.equal(whose(standing(pinned()), NEW), 'there-before');
    const of = standing(pinned(), byHand(OLD), byHand(OLD, NEW));
    assert.deepEqual([whose(of, OLD), whose(of, NEW)], ['there-before', 'made-in-run']);
    assert.equal(of.isMadeInRun('volume', 'new'), false, 'of volumes nothing was told');
    assert.equal(whose(standing(pinned(), adopted({ id: OLD })), OLD), 'made-in-run');
  });

  test('or what the learner says', () => {
    const of = standing(pinned({ containers: [OLD], volumes: [] }));
    assert.deepEqual([whose(of, OLD, [OLD]), whose(of, OLD, [NEW])], ['said', 'there-before']);
  });

  test('a run of which nothing has come may begin on another engine, and is told what was there', () => {
    const other = { info: { ...INFO, id: 'F' } as EngineInfo, root: '/f' } as Engine;
    const read = standing(pinned({ containers: [OLD], volumes: [] }), {
      type: 'hinted',
      step: 's',
      level: 1,
    });
    assert.deepEqual([isOther(read, other), pinnedEngine(read)], [false, null]);
    const there = pinned({ containers: [NEW], volumes: [] });
    assert.equal(whose(standing(pinned({ containers: [], volumes: [] }), there), NEW), 'there-before');
    const walked = standing(pinned(), { type: 'step-started', step: 's', values: {} });
    assert.deepEqual([isOther(walked, other), pinnedEngine(walked)?.id], [true, 'E']);
    const lost = standingOf([
      ...linesOf([begun, pinned()]),
      { ...linesOf([{ type: 'lines-lost' }])[0] } as JournalLine,
    ]);
    assert.equal(isOther(lost, other), true, 'what is lost may have made something');
  });
});

describe('what --adopt names', () => {
  const listed = (id: string, name: string, labels = {}) => ({ id, name, labels }) as ListedContainer;
  const engine = {
    listed: async () => [
      listed(OLD, 'mine'),
      listed(NEW, OLD.slice(0, 12)),
      listed(THIRD, 'run', { 'pglab.run': 'r' }),
    ],
    volumes: async () => [
      { name: 'data', labels: {} },
      { name: 'mine', labels: {} },
    ],
  } as unknown as Engine;
  const refused = (word: string) =>
    meantBy(engine, [word]).then(
      () => null,
      (error) => error.code,
    );

  test('is one thing without our label', async () => {
    assert.deepEqual([...(await meantBy(engine, [OLD, 'data', NEW.slice(0, 12)]))], [OLD, 'data', NEW]);
    assert.equal(await refused('aaaa'), 'adopt-unknown');
    assert.equal(await refused('mine'), 'adopt-unclear');
    assert.equal(await refused(OLD.slice(0, 12)), 'adopt-unclear', 'a name that looks like an id');
    assert.equal(await refused('run'), 'adopt-ours');
  });
});

describe('runs side by side', () => {
  const home = mkdtempSync(join(tmpdir(), 'pglab-seats-'));
  after(() => rmSync(home, { recursive: true }));

  test('leave each other what one has taken, but for what only came near', () => {
    const folder = (run: string) => join(home, 'runs', run);
    for (const [run, id, near] of [
      ['one', NEW, false],
      ['two', OLD, false],
      ['three', THIRD, true],
    ] as const) {
      mkdirSync(folder(run), { recursive: true, mode: 0o700 });
      const journal = openJournal(join(folder(run), 'journal.jsonl'), 'me');
      journal.append(begun);
      journal.append(adopted({ id, near }));
      journal.close();
    }
    const context = { folder: folder('one'), owner: { run: 'one', home: 'h', lab: 'l' } } as RunContext;
    const all = [OLD, NEW, THIRD].map((id) => ({ id }) as ListedContainer);
    assert.deepEqual([...takenByOthers(context, all)], [OLD]);
  });
});

describe('a reset of what was adopted', () => {
  const volume = (source: string) => ({ type: 'volume', source, target: '/data' });
  const engineWith = (mounts: string[], users: string[] = [NEW]) =>
    ({
      volumes: async () => ['old', 'new', 'said'].map((name) => ({ name })),
      container: async (id: string) => (id === NEW ? { id, name: 'mine', mounts: mounts.map(volume) } : null),
      usersOf: async () => users,
    }) as unknown as Engine;
  const there = pinned({ containers: [], volumes: ['old', 'said'] });
  const told = async (engine: Engine, ...events: JournalEvent[]) => {
    const things = await adoptedThings(engine, { standings: [standing(there, ...events)], names: null });
    const ids = (items: { id: string }[]) => items.map(({ id }) => id).sort();
    return [ids(things.goes), ids(things.stays)];
  };

  test('takes its named volumes only where they were made in the run, or named', async () => {
    const mounts = ['old', 'new', 'said'];
    assert.deepEqual(await told(engineWith(mounts), adopted({})), [
      [NEW, 'new'],
      ['old', 'said'],
    ]);
    assert.deepEqual(await told(engineWith(mounts), adopted({ volumes: ['said'] })), [
      [NEW, 'new', 'said'],
      ['old'],
    ]);
    assert.deepEqual(
      await told(engineWith(['new'], [NEW, THIRD]), adopted({})),
      [[NEW], ['new']],
      'others use it',
    );
  });

  test('leaves what only came near, but for what was named; and knows volumes by names of their own', async () => {
    assert.deepEqual(await told(engineWith(['new']), adopted({ near: true })), [[], [NEW, 'new']]);
    assert.deepEqual(await told(engineWith(['new']), adopted({ near: true, how: 'said' })), [
      [NEW, 'new'],
      [],
    ]);
    const named = (id: string, how?: string) =>
      adopted({ ...{ kind: 'volume', name: 'data', id, volume: id }, how });
    const users: string[] = [];
    assert.deepEqual(await told(engineWith([], users), JSON.parse(JSON.stringify(named('old')))), [
      [],
      ['old'],
    ]);
    assert.deepEqual(await told(engineWith([], users), named('old', 'said')), [['old'], []]);
  });
});
