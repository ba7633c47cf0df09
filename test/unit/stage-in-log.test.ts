/** How far a server is, and whom it sent away, by what its log says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stageIn, turnedAwayIn } from '../../src/postgres/stage-in-log.ts';

describe('a server’s log', () => {
  const BEGUN = 'The files belonging to this database system will be owned by user "postgres".\n';
  const ready = (pid: number) =>
    `2026-11-26 16:00:00.000 UTC [${pid}] LOG:  database system is ready to accept connections\n`;
  const LISTENING = '2026-11-26 16:00:00.000 UTC [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432\n';
  const READ_ONLY = ready(1).replace('accept ', 'accept read-only ');
  const ASKED = '2026-11-26 16:00:00.000 UTC [1] LOG:  received fast shutdown request\n';
  const DOWN = '2026-11-26 16:00:00.000 UTC [48] LOG:  database system is shut down\n';

  test('tells how far it is', () => {
    const stages: [string, string | null][] = [
      ['', null],
      [BEGUN, 'setting-up'],
      [BEGUN + ready(48), 'temporary'],
      [BEGUN + ready(48) + DOWN, 'setting-up'],
      [BEGUN + ready(48) + DOWN + LISTENING, 'starting'],
      [BEGUN + ready(48) + DOWN + LISTENING + ready(1), 'ready'],
      [LISTENING + READ_ONLY, 'ready'],
      [LISTENING + READ_ONLY.replace('-only', ' only'), 'ready'],
      [LISTENING + ready(1) + ASKED, 'ending'],
      [LISTENING + ready(1) + ASKED + DOWN, 'ending'],
      [LISTENING + ready(1) + ASKED + DOWN + LISTENING, 'starting'],
    ];
    for (const [log, stage] of stages) assert.equal(stageIn(log), stage, log);
  });

  test('tells whom a rule sent away, and which: in the words of 15 and of 17', () => {
    const wrong = (detail: string) =>
      `… [9] FATAL:  password authentication failed for user "ada"\n… [9] DETAIL:  ${detail}\n`;
    const by15 = wrong('Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"');
    const by17 = wrong('Connection matched file "/var/lib/postgresql/data/pg_hba.conf" line 128: "host all"');
    const none =
      '… FATAL:  no pg_hba.conf entry for host "172.17.0.1", user "bo", database "x", no encryption\n';
    assert.deepEqual(turnedAwayIn(by15), { user: 'ada', cause: '28P01', line: 100 });
    assert.deepEqual(turnedAwayIn(by15 + by17), { user: 'ada', cause: '28P01', line: 128 });
    assert.deepEqual(turnedAwayIn(by17 + none), { user: 'bo', cause: '28000', line: null });
    assert.equal(turnedAwayIn(LISTENING), null);
  });
});
