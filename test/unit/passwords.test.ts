/** A server that asks for a password in a way that tells it does not get it: tried with servers that ask for nothing else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Standing } from '../../src/journal/standing.ts';
import { postgres } from '../../src/kit.ts';
import type { Lab } from '../../src/lab/model.ts';
import { openSession, query } from '../../src/postgres/query.ts';
import { trustIn } from '../../src/runner/ground/trust.ts';
import { asker } from '../asker.ts';

const PASSWORD = 'correct horse';

describe('pg', () => {
  const target = { host: '127.0.0.1', user: 'postgres', database: 'postgres', password: PASSWORD };

  for (const md5 of [false, true]) {
    test(`gives no password in clear text, MD5 ${md5 ? 'allowed' : 'not allowed'}`, async () => {
      const { port, heard } = await asker('cleartext');
      const answer = await query({ ...target, port, md5 }, 'select 1');
      assert.deepEqual(answer.ok ? null : answer.cause, 'asked-for-cleartext');
      await assert.rejects(openSession({ ...target, port, md5 }), { code: 'asked-for-cleartext' });
      assert.ok(heard().includes('postgres') && !heard().includes(PASSWORD));
    });
  }

  test('gives nothing of it by MD5, unless that is allowed', async () => {
    const one = await asker('md5');
    const refused = await query({ ...target, port: one.port }, 'select 1');
    assert.deepEqual(refused.ok ? null : refused.cause, 'asked-for-md5');
    assert.doesNotMatch(one.heard(), /md5[0-9a-f]{32}/);
    const two = await asker('md5');
    await query({ ...target, port: two.port, md5: true }, 'select 1');
    assert.match(two.heard(), /md5[0-9a-f]{32}/);
  });

  test('without a password says so, and looks for none', async () => {
    process.env.PGPASSWORD = PASSWORD;
    const { port, heard } = await asker('cleartext');
    const { password: _, ...stranger } = target;
    const answer = await query({ ...stranger, port }, 'select 1');
    delete process.env.PGPASSWORD;
    assert.deepEqual(answer.ok ? null : answer.cause, 'no-password');
    assert.ok(!heard().includes(PASSWORD));
  });

  test('that a server asks in such a way is an answer of a server that is up', () => {
    for (const cause of ['asked-for-cleartext', 'asked-for-md5'])
      assert.equal(postgres.server.refusalOf(cause), 'entry');
  });
});

describe('psql', () => {
  const { passwordEnv } = postgres.client;

  test('is held to the ways that tell nothing, where it can be', () => {
    for (const isOfRun of [true, false]) {
      assert.deepEqual(passwordEnv(PASSWORD, { isOfRun, isTheirs: false, md5: false }, '16.1'), {
        PGPASSWORD: PASSWORD,
        PGREQUIREAUTH: 'scram-sha-256,none',
      });
    }
    const old = passwordEnv(PASSWORD, { isOfRun: true, isTheirs: false, md5: true }, '17.2');
    assert.equal(old?.PGREQUIREAUTH, 'scram-sha-256,md5,none');
  });

  test('that cannot be held to them gets a password only for what is of this run', () => {
    assert.deepEqual(passwordEnv(PASSWORD, { isOfRun: true, isTheirs: false, md5: false }, '15.18'), {
      PGPASSWORD: PASSWORD,
    });
    assert.equal(passwordEnv(PASSWORD, { isOfRun: false, isTheirs: false, md5: false }, '15.18'), null);
    assert.equal(passwordEnv(PASSWORD, { isOfRun: false, isTheirs: false, md5: false }, ''), null);
    assert.deepEqual(passwordEnv(PASSWORD, { isOfRun: false, isTheirs: true, md5: false }, '15.18'), {
      PGPASSWORD: PASSWORD,
    });
  });
});

describe('a container', () => {
  const lab: Lab = { id: 'l', steps: [], settings: { image: null, ports: {}, service: postgres } };
  const owner = { run: 'r', home: 'h', lab: 'l' };
  const given = (there: string[] | null) => {
    const standing = new Standing();
    if (there) standing.there = { containers: new Set(there), volumes: null };
    return { lab, owner, journal: { standing } };
  };
  const ours = { id: 'a', labels: { 'pglab.run': 'r', 'pglab.home': 'h' }, env: { PG_MAJOR: '13' } };
  const theirs = { ...ours, labels: {} };

  test('that was there before is not trusted, nor one of which nobody knows', () => {
    for (const there of [['a'], null])
      assert.deepEqual(trustIn(given(there), theirs), { isOfRun: false, isTheirs: false, md5: false });
  });

  test('that the learner said to be theirs is trusted with its own password, and not by MD5', () => {
    const standing = new Standing();
    standing.there = { containers: new Set(['a']), volumes: null };
    const adopted = {
      type: 'adopted',
      step: 's',
      kind: 'container',
      name: 'n',
      id: 'a',
      how: 'said',
      volumes: [],
    };
    standing.take({ ...adopted, v: 3, seq: 1, at: '', participant: '', run: 'r', lab: 'l' } as never);
    const trust = trustIn({ lab, owner, journal: { standing } }, theirs);
    assert.deepEqual(trust, { isOfRun: false, isTheirs: true, md5: false });
  });

  test('of this run is, by its labels or since it was not there; of MD5 only old ones know no better', () => {
    assert.deepEqual(trustIn(given([]), theirs), { isOfRun: true, isTheirs: false, md5: true });
    assert.deepEqual(trustIn(given(null), ours), { isOfRun: true, isTheirs: false, md5: true });
    assert.deepEqual(trustIn(given(null), { ...ours, env: { PG_MAJOR: '14' } }), {
      isOfRun: true,
      isTheirs: false,
      md5: false,
    });
  });
});
