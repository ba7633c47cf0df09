import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { circles, fileCircles, refusal, roomOf, scanOf } from '../held-to-walls.ts';
import { importsOf, readImports } from '../imports.ts';
import { WALLS } from '../walls.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILES = ['src', 'labs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`),
);
/** What proves the house, and what makes it. */
const BESIDE = ['test', 'tools'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[mc]?[jt]s$/.test(file))
    .map((file) => `${folder}/${file}`)
    .sort(),
);
const isLong = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 > 250;

describe('walls between rooms', () => {
  it('stand in the code as it is', () => {
    assert.ok(FILES.length > 100, 'the files were found');
    const imports = readImports(ROOT, FILES);
    assert.ok(imports.length > 500, 'their imports were found');
    assert.deepEqual(
      imports.flatMap((each) => refusal(each) ?? []),
      [],
    );
  });

  it('let no two rooms know each other, by types either', () => {
    assert.deepEqual(circles(readImports(ROOT, FILES)), []);
  });

  it('let no two files know each other, by types either', () => {
    assert.deepEqual(fileCircles(readImports(ROOT, FILES)), []);
  });

  it('leave no room empty, and no file without one', () => {
    const lived = new Set(FILES.map(roomOf));
    assert.deepEqual(
      Object.keys(WALLS).filter((room) => !lived.has(room)),
      [],
    );
    assert.ok(!lived.has(null));
  });

  it('have no file that is longer than 250 lines, but for what is written by a script', () => {
    assert.deepEqual(
      FILES.filter((file) => isLong(file) && file !== 'src/content-keys.ts'),
      [],
    );
  });

  it('have tests and tools whose files are no longer, but for what is one literal', () => {
    assert.ok(BESIDE.length > 250, 'the files were found');
    assert.deepEqual(BESIDE.filter(isLong), ['test/content/lab-damages.ts', 'test/walls.ts']);
  });

  it('have a name for each file of src that no other has', () => {
    const names = FILES.filter((file) => file.startsWith('src/')).map((file) => basename(file));
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
  });
});

describe('the lines of a journal', () => {
  const source = (file: string) => readFileSync(join(ROOT, file), 'utf8');

  it('are scanned in the room of the journal alone', () => {
    assert.deepEqual(
      FILES.flatMap((file) => scanOf(file, source(file)) ?? []),
      [],
    );
  });

  const scans = [
    "journal.events.some(({ type }) => type === 'made')",
    'for (const event of reading.events) {',
    'const { events } = readJournal(file);',
    'const { unreadable, events: lines } = readJournal(file);',
    'function lastOf(events: readonly JournalLine[]) {',
    'function lastOf(lines: Iterable<JournalLine>) {',
  ];
  for (const line of scans) {
    it(`may not be scanned elsewhere: ${line}`, () => {
      assert.match(scanOf('src/commands/list.ts', line) ?? '', /scans the journal/);
      assert.equal(scanOf('src/journal/standing.ts', line), null);
    });
  }

  it('may be taken one by one, and the engine’s events are none of them', () => {
    for (const line of [
      'take(line: JournalLine): void {',
      'const first = await engine.events(signal);',
      'for await (const event of events) inbox.change(event);',
      "import { isLive } from '../journal/events.ts';",
    ])
      assert.equal(scanOf('src/commands/list.ts', line), null, line);
  });
});

/** Each line was let through once, or is of a kind with one that was. */
const FORBIDDEN: readonly [file: string, line: string][] = [
  ['src/engine/connect.ts', "import pg from 'pg';"],
  ['src/engine/images.ts', "import { query } from '../postgres/query.ts';"],
  ['src/engine/images.ts', "import { openScreen } from '../terminal/screen.ts';"],
  ['src/engine/images.ts', "import type { RunContext } from '../runner/ground/context.ts';"],
  ['src/engine/images.ts', "import Docker from 'dockerode';"],
  ['src/engine/builtin.ts', "import { $ } from 'zx';"],
  ['src/postgres/query.ts', "import Docker from 'dockerode';"],
  ['src/postgres/own-queries.ts', "import pg from 'pg';"],
  ['src/postgres/query.ts', "import type { Container } from '../engine/types.ts';"],
  ['src/postgres/postgres.ts', "import { fill } from '../lab/content.ts';"],
  ['src/lab/service.ts', "import { postgres } from '../postgres/postgres.ts';"],
  ['src/runner/judge/ready.ts', "import { postgres } from '../../postgres/postgres.ts';"],
  ['src/runner/judge/asking.ts', "const { query } = await import('../../postgres/query.ts');"],
  ['src/world/fit.ts', "import { majorOf } from '../postgres/login.ts';"],
  ['src/commands/doctor.ts', "import { postgres } from '../postgres/postgres.ts';"],
  ['src/checks/listener.ts', "import { query } from '../postgres/query.ts';"],
  ['src/checks/alive.ts', "import { connectEngine } from '../engine/connect.ts';"],
  ['src/checks/alive.ts', "import { spawn } from 'node:child_process';"],
  ['src/checks/alive.ts', "import { run } from '../shell.ts';"],
  ['src/checks/alive.ts', "const { readFileSync } = require('node:fs');"],
  ['src/checks/alive.ts', "const fs = process.getBuiltinModule('fs');"],
  ['src/checks/alive.ts', 'const pg = await import(`pg`);'],
  ['src/checks/alive.ts', "const pg = await import(\n  'pg'\n);"],
  ['src/checks/alive.ts', "const { listeners } = await import('../host.ts');"],
  ['src/checks/alive.ts', "import type { LabEvent } from '../journal/events.ts';"],
  ['labs/postgres-in-docker/01-image.ts', "import Docker from 'dockerode';"],
  ['labs/postgres-in-docker/01-image.ts', "import { readFileSync } from 'node:fs';"],
  ['labs/postgres-in-docker/01-image.ts', "import { run } from '../../src/shell.ts';"],
  ['labs/postgres-in-docker/01-image.ts', "import { met } from '../../src/checks/evidence.ts';"],
  ['src/report/result.ts', "import { openScreen } from '../terminal/screen.ts';"],
  ['src/report/result.ts', "import { judgeCheck } from '../runner/judge/judge.ts';"],
  ['src/report/result.ts', "export { openScreen } from '../terminal/screen.ts';"],
  ['src/runner/walk/walk.ts', "import enquirer from 'enquirer';"],
  ['src/runner/walk/walk.ts', "import { byHand } from '../hand/byhand.ts';"],
  ['src/runner/judge/judge.ts', "import type { CommandOutcome } from '../walk/command.ts';"],
  ['src/runner/ground/ports.ts', "import { ready } from '../judge/ready.ts';"],
  ['src/runner/hand/watch.ts', "import { openScreen } from '../../terminal/screen.ts';"],
  ['src/runner/hand/watch.ts', "import { walking } from '../../commands/walking.ts';"],
  ['src/journal/record.ts', "import { World } from '../world/world.ts';"],
  ['src/journal/record.ts', "import type { RunContext } from '../runner/ground/context.ts';"],
  ['src/world/world.ts', "import { choosePorts } from '../runner/ground/ports.ts';"],
  ['src/world/world.ts', "import { connectEngine } from '../engine/connect.ts';"],
  ['src/image/obtain.ts', "import { World } from '../world/world.ts';"],
  ['src/image/obtain.ts', "import { $ } from 'zx/core';"],
  ['src/lab/model.ts', "import { query } from '../postgres/query.ts';"],
  ['src/lab/content.ts', "import { marked } from 'marked';"],
  ['src/terminal/render.ts', "import { marked } from 'marked';"],
  ['src/terminal/render.ts', "import { World } from '../world/world.ts';"],
  ['src/terminal/render.ts', "import type { Desk } from '../commands/desk.ts';"],
  ['src/commands/next.ts', "import Docker from 'dockerode';"],
  ['src/commands/next.ts', "import { Command } from 'commander';"],
  ['src/commands/next.ts', "import '../cli.ts';"],
  ['src/values.ts', "import { Trouble } from './trouble.ts';"],
  ['src/trouble.ts', "import type { Step } from './lab/model.ts';"],
  ['src/grammar.ts', "import { readFileSync } from 'node:fs';"],
  ['src/kit.ts', "export { World } from './world/world.ts';"],
  ['src/nowhere/new.ts', "import { Trouble } from '../trouble.ts';"],
];

describe('a brick in the wrong wall', () => {
  for (const [file, line] of FORBIDDEN) {
    it(`is refused: ${file} with ${line}`, () => {
      const [found] = importsOf(file, `/** A file. */\n${line}\n`);
      assert.ok(found, 'the import was seen');
      assert.match(refusal(found) ?? '', /may not import|lies in no room/);
    });
  }

  it('is let through where only its types are named', () => {
    const [value] = importsOf('src/engine/streams.ts', "import Docker from 'dockerode';");
    const [type] = importsOf('src/engine/streams.ts', "import type Docker from 'dockerode';");
    assert.ok(value && type);
    assert.notEqual(refusal(value), null);
    assert.equal(refusal(type), null);
  });

  it('closes no circle unseen, be it of types', () => {
    const there = importsOf('src/journal/events.ts', "import type { Image } from '../engine/types.ts';");
    const back = importsOf('src/engine/types.ts', "import type { LabEvent } from '../journal/events.ts';");
    assert.deepEqual(circles([...there, ...back]), ['engine → journal → engine']);
  });

  it('closes no circle unseen inside its room, be it of three files', () => {
    const imports = [
      ...importsOf('src/engine/a.ts', "import type { B } from './b.ts';"),
      ...importsOf('src/engine/b.ts', "const { c } = await import('./c.ts');"),
      ...importsOf('src/engine/c.ts', "import { a } from './a.ts';"),
      ...importsOf('src/engine/d.ts', "import { a } from './a.ts';"),
    ];
    assert.deepEqual(circles(imports), []);
    assert.deepEqual(fileCircles(imports), [
      'src/engine/a.ts → src/engine/b.ts → src/engine/c.ts → src/engine/a.ts',
    ]);
  });
});
