/** What a person sends with a bug has no names of theirs in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blotted, namedIn } from '../../src/blotted.ts';

const BLOTS = [
  { words: ['ann', '李雷'], mark: '‹user›' },
  { words: ['/srv/ann/state'], mark: '‹home›' },
  { words: ['Box', 'box.example'], mark: '‹host›', anyCase: true },
  { words: ['p"w\\1', 'x'], mark: '‹password›' },
];

test('a word goes where it stands alone, the longer one first, and as JSON writes it', () => {
  const rows = {
    'ann, /home/ann/y, planned, Ann': '‹user›, /home/‹user›/y, planned, Ann',
    '/srv/ann/state/runs and /srv/ann': '‹home›/runs and /srv/‹user›',
    'BOX box.EXAMPLE:5000 boxes': '‹host› ‹host›:5000 boxes',
    '{"why":"p\\"w\\\\1"} p"w\\1': '{"why":"‹password›"} ‹password›',
    'x=x max': '‹password›=‹password› max',
    '李雷 的': '‹user› 的',
    '/Users/somebody/y "/home/other"': '/Users/‹user›/y "/home/‹user›"',
    annann: 'annann',
  };
  for (const [text, wanted] of Object.entries(rows)) assert.equal(blotted(text, BLOTS), wanted);
});

test('an empty word blots nothing', () => {
  assert.equal(blotted('as it is', [{ words: [''], mark: '!' }]), 'as it is');
});

test('a word at the start of a line that JSON wrote is one, and a secret is one anywhere', () => {
  const blots = [
    { words: ['ann'], mark: '‹user›' },
    { words: ['secret'], mark: '‹password›', anywhere: true },
  ];
  assert.equal(
    blotted(JSON.stringify('whoami\nann\tann\u001bann plann'), blots),
    '"whoami\\n‹user›\\t‹user›\\u001b‹user› plann"',
  );
  assert.equal(blotted('xsecretx TOKEN=secret', blots), 'x‹password›x TOKEN=‹password›');
});

test('what endpoints and references name is found in the text itself', () => {
  const text = [
    '{"endpoint":"tcp://10.0.0.7:2376"} no answer at ssh://deploy@build.example/run/docker.sock',
    '{"endpoint":"https://tls.example:2376"} tcp://u:p@[fe80::1]:1 see https://docs.example/install tcp://127.0.0.1:1 tcp://localhost:2',
    '{"ref":"mirror.example:5000/library/postgres","image":"postgres:17","from":"docker.io/library/postgres"}',
    'ssh: connect to host inner.example port 22: refused; dial tcp: lookup no.example: none; connect ECONNREFUSED 10.0.0.9:1',
  ].join('\n');
  assert.deepEqual(namedIn(text), {
    hosts: [
      '10.0.0.7',
      'build.example',
      'tls.example',
      '[fe80::1]',
      'inner.example',
      'no.example',
      '10.0.0.9',
      'mirror.example:5000',
      'mirror.example',
    ],
    users: ['deploy', 'u'],
    passwords: ['p'],
  });
});
