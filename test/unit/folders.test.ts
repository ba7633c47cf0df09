/** A container that is made for a question only is this run's, for as long as it is there. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fittingLabels } from '../../src/names.ts';
import { askForFolders, isForHere } from '../../src/runner/ground/folders.ts';

test('a folder that -v cannot name is not asked for: the way of an engine elsewhere is taken, and told', async () => {
  const context = { folder: '/a:b/runs/mine', image: { id: 'sha256:1' }, local: true, mountsFolders: null };
  const local = { only: 'local' } as const;
  assert.equal(isForHere(context as never, local as never), false, 'as it is shown before');
  const told = [];
  const step = { id: 'bind-mount', commands: [local] };
  for await (const event of askForFolders(context as never, step as never)) told.push(event);
  assert.deepEqual(
    told.map((event) => event.type === 'noted' && event.note),
    ['folder-with-colon'],
  );
  assert.equal(context.mountsFolders, false);
});

test('the container that asks whether folders are seen has labels by which a reset finds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-folders-'));
  const asked: Record<string, string>[] = [];
  const engine = {
    canMount: async (_: string, __: string, labels: (typeof asked)[0]) => asked.push(labels) > 0,
  };
  const owner = { run: 'mine', home: '0123456789ab', lab: 'lab' };
  const context = { engine, folder, owner, image: { id: 'sha256:1' }, local: true, mountsFolders: null };
  try {
    for await (const _ of askForFolders(
      context as never,
      { id: 'bind-mount', commands: [{ only: 'local' }] } as never,
    ));
    assert.equal(context.mountsFolders, true);
    assert.equal(asked[0]?.['pglab.run'], 'mine');
    assert.deepEqual(asked.map(fittingLabels), asked);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
