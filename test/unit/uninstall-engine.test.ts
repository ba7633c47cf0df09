/** A run that has made nothing yet may be any engine's: of several engines, one has it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lookAtEngine } from '../../src/commands/uninstall-engine.ts';

test('a run that is held for one engine is not asked for again for the next', async () => {
  const home = mkdtempSync(join(tmpdir(), 'pglab-uninstall-'));
  const none = async () => [];
  const engine = (id: string, builtIn: boolean) =>
    ({ info: { id, builtIn }, root: id, images: none, listed: none, volumes: none, networks: none }) as never;
  const desk = { settings: { home, run: null, participant: 'p' }, folders: { id: 'lab' } } as never;
  try {
    mkdirSync(join(home, 'runs', 'unbound'), { recursive: true });
    writeFileSync(join(home, 'runs', 'unbound', 'journal.jsonl'), '');
    const of = { id: null, adopted: false };
    const first = await lookAtEngine(desk, engine('a', false), { ...of, held: new Set() });
    const held = new Set(first.locked.open.map(({ run }) => run));
    assert.deepEqual([...held], ['unbound']);
    const second = await lookAtEngine(desk, engine('b', true), { ...of, held });
    assert.deepEqual([second.locked.open, [...second.locked.leftOut]], [[], []]);
    first.locked.close();
    second.locked.close();
  } finally {
    rmSync(home, { recursive: true });
  }
});
