/** `pglab lab check`: a new lab is whole, and each damage to it is said, in a sentence of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { loadLab } from '../../src/lab/load.ts';
import { problemsOf } from '../../src/labcheck/lab-check.ts';
import { writeSkeleton } from '../../src/labcheck/skeleton.ts';
import type { Trouble } from '../../src/trouble.ts';
import { drawn } from '../drawn.ts';
import { DAMAGES, STEP, swapped } from './lab-damages.ts';

describe('a new lab', { concurrency: 3 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'pglab-check-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  let count = 0;
  const fresh = () => {
    count += 1;
    const folder = join(root, `lab-${count}`);
    writeSkeleton(folder);
    return folder;
  };

  test('is whole', async () => {
    assert.deepEqual(await problemsOf(labFolders(fresh())), []);
  });

  for (const { name, file, to, says } of drawn(DAMAGES, ({ name }) => name)) {
    test(`${name}: ${[...new Set(says)].join(', ')}`, async () => {
      const folder = fresh();
      for (const path of [file].flat().map((each) => join(folder, each))) {
        const text = to(readText(path));
        if (text === null) rmSync(path);
        else writeFileSync(path, text);
      }
      const problems = await problemsOf(labFolders(folder));
      assert.deepEqual(
        problems.map(({ key }) => key),
        says,
        JSON.stringify(problems, null, 2),
      );
      for (const language of LANGUAGES) {
        const content = new Content(language, '');
        for (const { key, values } of problems) assert.ok(content.say('messages', key, values).length > 10);
      }
    });
  }

  test('is whole as well where an editor of Windows wrote its prose', async () => {
    const folder = fresh();
    for (const file of readdirSync(join(folder, 'content'))) {
      const path = join(folder, 'content', file);
      writeFileSync(path, `\ufeff${readText(path).replaceAll('\n', '\r\n')}`);
    }
    assert.deepEqual(await problemsOf(labFolders(folder)), []);
  });

  test('of another shape is trouble where it is run, and a field that means nothing is not', async () => {
    const folder = fresh();
    const step = readText(join(folder, STEP));
    const file = join(folder, '02-more.js');
    writeFileSync(
      file,
      swapped(swapped(step, "id: 'clock'", "id: 'more'"), /run: 'docker run.+/, 'runs: 1,'),
    );
    await assert.rejects(loadLab(labFolders(folder)), (error: Trouble) => {
      assert.equal(error.code, 'lab-broken');
      assert.match(String(error.values.why), /^commands\[0\]\.run must be string$/);
      return true;
    });
    rmSync(file);
    writeFileSync(join(folder, STEP), swapped(step, "creates: 'clock'", "creates: 'clock', later: 1"));
    assert.equal((await loadLab(labFolders(folder))).steps.length, 1);
  });

  test('each sentence is proved by a damage', () => {
    const keys = [...new Content('en', '').entries('messages').keys()].filter((key) => /^problem-/.test(key));
    const said = new Set<string>(DAMAGES.flatMap(({ says }) => says));
    // Node 22.18 and later reads TypeScript, and says nothing of it.
    const elsewhere = ['problem-typescript'];
    assert.deepEqual(
      keys.filter((key) => !said.has(key) && !elsewhere.includes(key)),
      [],
    );
  });
});

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
