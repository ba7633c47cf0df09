/** A lab of one's own, from `pglab lab new` to its reset; and wrong worlds, brought about for real. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fill } from '../../src/lab/content.ts';
import { labFile, labFolders } from '../../src/lab/find.ts';
import { imported, loadLab } from '../../src/lab/load.ts';
import type { WrongWorld } from '../../src/lab/worlds.ts';
import { labelled, openLab, outputOf, type TestLab } from './lab.ts';

/** Each wrong world of a lab gives its own finding, and no check of its step gives another. */
async function proveWorlds(lab: TestLab, path: string): Promise<void> {
  const folders = labFolders(path);
  const file = labFile(folders, 'worlds');
  assert.ok(file, 'the lab brings wrong worlds');
  const worlds = await imported<readonly WrongWorld[]>(folders, file);
  const { settings } = await loadLab(folders);
  const values = { image: settings.image ?? '', ...settings.ports };
  assert.ok(worlds.length > 0);
  for (const [at, { world, step, finds, commands, undo = [] }] of worlds.entries()) {
    const typed = (lines: readonly string[]) =>
      outputOf('bash', ['-ec', lines.map((line) => fill(line, values, world)).join('\n')], lab.env);
    try {
      await typed(commands);
      const { code, steps } = await lab.json('check', step, '--lab', path, '--run', `${folders.id}-${at}`);
      const found = steps.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
      assert.deepEqual([code, found], [1, [finds]], world);
    } finally {
      await typed(undo);
    }
  }
}

describe('a lab of one’s own', () => {
  const root = mkdtempSync(join(tmpdir(), 'pglab-own-'));
  const mine = join(root, '实验 室', 'my-lab');
  const lab = openLab();
  after(() => {
    rmSync(root, { recursive: true, force: true });
    rmSync(lab.home, { recursive: true, force: true });
  });

  test('is written into a new folder, and into no other', async () => {
    const { code, made } = await lab.json('lab', 'new', mine);
    assert.deepEqual([code, (made as { folder: string }).folder], [0, mine]);
    const again = await lab.json('lab', 'new', mine);
    assert.deepEqual([again.code, again.trouble?.code], [2, 'lab-exists']);
    const misnamed = await lab.json('lab', 'new', join(root, 'My Lab'));
    assert.deepEqual([misnamed.code, misnamed.trouble?.code], [2, 'lab-id']);
    const nowhere = await lab.json('lab', 'new', '/proc/my-lab');
    assert.deepEqual([nowhere.code, nowhere.trouble?.code], [2, 'lab-unwritable']);
    assert.equal((await lab.json('lab', 'new')).code, 64);
  });

  test('is told how to go on in lines that a shell takes as they are', async () => {
    const folder = join(root, "it's 实验", 'my-lab');
    const { stdout } = await lab.pglab('lab', 'new', folder, '--lang', 'en');
    const [, run = '', check = ''] =
      /pglab run --all (--lab .+) · .*pglab lab check (.+)$/m.exec(stdout) ?? [];
    const taken = await outputOf('bash', ['-c', `printf '%s\\n' ${run} ${check}`], lab.env);
    assert.deepEqual(taken.trim().split('\n'), ['--lab', folder, folder]);
  });

  test('is whole in both languages, and listed beside the others', async () => {
    for (const [language, said] of [
      ['en', /The lab my-lab is whole\. Steps: 1; languages: en, zh\./],
      ['zh', /实验 my-lab 齐全：1 步/],
    ] as const) {
      const { code, stdout } = await lab.pglab('lab', 'check', mine, '--lang', language);
      assert.equal(code, 0, stdout);
      assert.match(stdout, said);
    }
    const { labs } = await lab.json('lab', 'list', '--lab', mine);
    const told = (labs as { id: string; bundled: boolean; isDefault: boolean }[]).map((each) => [
      each.id,
      each.bundled,
      each.isDefault,
    ]);
    assert.deepEqual(told, [
      ['postgres-in-docker', true, true],
      ['my-lab', false, false],
    ]);
  });

  test('is met when it is run, and leaves nothing', async () => {
    const { code, outcome, steps } = await lab.json('run', '--all', '--yes', '--lab', mine);
    assert.deepEqual([code, outcome], [0, 'met']);
    assert.deepEqual(steps[0]?.checks.map(({ id, observed }) => [id, observed])[1], [
      'zone',
      'Asia/Shanghai',
    ]);
    assert.equal((await lab.json('reset', '--yes', '--lab', mine)).code, 0);
    assert.deepEqual(await labelled(lab), []);
  });

  test('its wrong worlds give their findings, in words of its own', async () => {
    await proveWorlds(lab, mine);
  });

  test('and so do those of the tiny lab', async () => {
    await proveWorlds(lab, join(import.meta.dirname, '../labs/tiny'));
  });

  test('what is missing is said in words that say what to write, exit 1', async () => {
    rmSync(join(mine, 'content/01-clock.zh.md'));
    writeFileSync(join(mine, 'worlds.js'), 'export default [];\n');
    const { code, outcome, problems } = await lab.json('lab', 'check', mine);
    assert.deepEqual([code, outcome], [1, 'not-met']);
    assert.deepEqual(
      (problems as { file: string; key: string }[]).map(({ file, key }) => [file, key]),
      [
        ['content/01-clock.zh.md', 'problem-no-text'],
        ['worlds.js', 'problem-no-world'],
        ['worlds.js', 'problem-no-world'],
      ],
    );
    const english = await lab.pglab('lab', 'check', '--lab', mine, '--lang', 'en');
    assert.equal(english.code, 1);
    assert.match(english.stdout, /This file is missing: write the step's text in zh/);
    const chinese = await lab.pglab('lab', 'check', '--lab', mine, '--lang', 'zh');
    assert.match(chinese.stdout, /缺少这个文件：用 zh 写这一步的文字/);
    assert.equal((await lab.json('lab', 'check')).code, 0);
  });
});
