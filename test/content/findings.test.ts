/** Each finding that a check can give is expected of a wrong world, which the end-to-end tests make for real. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/load.ts';
import { CLIENTS } from '../e2e/mutants/clients.ts';
import { isMeantFor, MAJORS, WRONG, worldsOf } from '../e2e/mutants/wrong.ts';

const findings = [...new Content('en', labFolders({}).content).entries('findings').keys()];
const rows = [...WRONG, ...CLIENTS].filter((row) => MAJORS.some((major) => isMeantFor(row, major)));
const expected = new Set(
  rows.flatMap((row) => worldsOf(row).flatMap(({ finds, untold = [] }) => [...finds, ...untold])),
);

describe('findings and wrong worlds', () => {
  test('each finding is expected of a wrong world', () => {
    const unproved = findings.filter((finding) => !expected.has(finding));
    assert.deepEqual(unproved, [], 'a row in test/e2e/mutants/ must bring each of these about');
  });

  test('no wrong world expects a finding that has no text', () => {
    const unknown = [...expected].filter((finding) => !findings.includes(finding));
    assert.deepEqual(unknown, []);
  });
});
