/** Each finding that a check can give is expected of a wrong world, which the end-to-end tests make for real. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import { CLIENTS } from '../e2e/mutants/clients.ts';
import { ROOTLESS } from '../e2e/mutants/rootless.ts';
import { isMeantFor, MAJORS, WRONG, worldsOf } from '../e2e/mutants/wrong.ts';

const folders = labFolders(null);
const rows = [...WRONG, ...CLIENTS].filter((row) => MAJORS.some((major) => isMeantFor(row, major)));
const expectations = rows
  .flatMap((row) =>
    worldsOf(row).flatMap(({ finds, untold = [] }) =>
      [...finds, ...untold].flatMap((finding) =>
        [row.step, ...(row.andStep ? [row.andStep] : [])].map((step) => ({
          step,
          finding,
          world: row.world,
        })),
      ),
    ),
  )
  .concat(ROOTLESS.flatMap(({ finds, ...row }) => finds.map((finding) => ({ ...row, finding }))));

describe('findings and wrong worlds', () => {
  test('each finding is expected of a wrong world', () => {
    const keys = [...new Content('en', folders.content).entries('findings').keys()];
    const expected = new Set<string>(expectations.map(({ finding }) => finding));
    const unproved = keys.filter((key) => !expected.has(key));
    assert.deepEqual(unproved, [], 'a row in test/e2e/mutants/ must bring each of these about');
  });

  test('each finding that a wrong world expects is one that a check of its step may give', async () => {
    const { steps } = await loadLab(folders);
    const given = new Map(
      steps.map(({ id, checks }) => [id, checks.flatMap(({ finds }): string[] => [...finds])]),
    );
    const impossible = expectations.filter(({ step, finding }) => !given.get(step)?.includes(finding));
    assert.deepEqual(impossible, []);
  });
});
