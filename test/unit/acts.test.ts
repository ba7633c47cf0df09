/** A visit to a server is told from sessions of our own by what the server counts, whatever happens to it meanwhile. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import execPsql from '../../labs/postgres-in-docker/05-exec-psql.ts';
import threeConnections from '../../labs/postgres-in-docker/07-three-connections.ts';
import type { EngineEvent } from '../../src/engine/types.ts';
import type { LabEvent } from '../../src/journal/events.ts';
import type { Answer } from '../../src/lab/service.ts';
import { isAskedByUs, LOOKED_FROM, OWN_CLIENT, VISITS } from '../../src/postgres/own-queries.ts';
import { allRefused } from '../../src/postgres/said-in-log.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { Acts } from '../../src/runner/hand/acts.ts';
import { counted } from '../../src/runner/hand/own-sessions.ts';

const STOPPING: Answer = { ok: false, cause: '57P01', message: 'terminating connection' };

/** A server that answers what it is told to, in a container that was started then. */
class Server {
  answer: Answer = STOPPING;
  startedAt = 'Monday';
  log = '';

  hasCounted(sessions: number): void {
    this.answer = { ok: true, rows: [[String(sessions), '0', '0', '*']] };
  }

  get context(): RunContext {
    const container = async () => ({
      ...{ id: 'a'.repeat(64), status: 'running', startedAt: this.startedAt },
      ...{ addresses: [], mounts: [], env: {} },
    });
    const server = { visits: 'how many', queryInside: async () => this.answer, refusalOf: () => null };
    const client = { program: 'psql' };
    const log = { refused: allRefused };
    const settings = { service: { server, client, log, container: { passwordOf: () => null, isAskedByUs } } };
    return {
      folder: '/nonexistent',
      engine: { logs: async () => this.log },
      ...{ lab: { settings }, place: { addressOf: () => null }, silentAddresses: new Set() },
      ...{ volumePasswords: new Map(), ask: { requests: null }, told: new Set() },
      world: { snapshot: async () => ({ container }), idToJudge: () => 'a'.repeat(64) },
    } as unknown as RunContext;
  }
}

async function told(acts: Acts): Promise<LabEvent[]> {
  const events: LabEvent[] = [];
  for await (const event of acts.look()) events.push(event);
  return events;
}

/** What the engine tells of a program that runs in the container of the step, or ran there. */
const there = (action: 'exec_start' | 'exec_die', command: string) =>
  ({
    action,
    id: 'a'.repeat(64),
    execId: 'e'.repeat(64),
    name: 'mapped',
    labels: {},
    command,
  }) as EngineEvent;
const ranThere = (command: string) => there('exec_die', command);

const VISITED = [{ type: 'acted', step: 'exec-psql', act: 'visited', values: { name: 'quiet' } }];

test('a session of ours that a stop broke off is nobody’s visit once the server is there again', async () => {
  const server = new Server();
  const acts = new Acts(counted(server.context), execPsql);
  server.hasCounted(5);
  await acts.begin();
  server.answer = STOPPING;
  assert.deepEqual(await told(acts), []);
  // The one from the beginning, and the one that was broken off.
  server.hasCounted(7);
  server.startedAt = 'Tuesday';
  assert.deepEqual(await told(acts), []);
  server.hasCounted(9);
  assert.deepEqual(await told(acts), VISITED);
});

test('a visit counts, though the server has forgotten in a crash how many there were', async () => {
  const server = new Server();
  const acts = new Acts(counted(server.context), execPsql);
  server.hasCounted(5);
  await acts.begin();
  server.hasCounted(0);
  server.startedAt = 'Tuesday';
  assert.deepEqual(await told(acts), []);
  server.hasCounted(2);
  assert.deepEqual(await told(acts), VISITED);
});

test('without a start in between, each session beyond our own is a visit', async () => {
  const server = new Server();
  const acts = new Acts(counted(server.context), execPsql);
  server.hasCounted(5);
  await acts.begin();
  server.hasCounted(6);
  assert.deepEqual(await told(acts), []);
  server.hasCounted(8);
  assert.deepEqual(await told(acts), VISITED);
});

test('a visit says when somebody was refused before it', async () => {
  const server = new Server();
  server.log = '2026-11-27 12:29:39.118 UTC [75] FATAL:  password authentication failed for user "postgres"';
  const acts = new Acts(counted(server.context), execPsql);
  server.hasCounted(5);
  await acts.begin();
  server.hasCounted(7);
  const [visited] = await told(acts);
  assert.deepEqual(visited && 'values' in visited && visited.values, {
    ...{ name: 'quiet', short: 'a'.repeat(12), refused: '12:29:39' },
  });
});

describe('where it is the port that is to be tried', () => {
  const visited = [{ type: 'acted', step: 'three-connections', act: 'visited', values: { name: 'mapped' } }];
  const inside = [
    {
      ...{ type: 'noted', step: 'three-connections', note: 'visit-inside' },
      values: { name: 'mapped', client: 'psql' },
    },
  ];

  /** Sessions that were counted from the first look on, our own among them, one a look. */
  async function begun() {
    const server = new Server();
    const acts = new Acts(counted(server.context), threeConnections);
    let looks = 0;
    server.hasCounted(0);
    await acts.begin();
    const look = (others: number) => {
      looks += 1;
      server.hasCounted(looks + others);
      return told(acts);
    };
    return { acts, look };
  }

  test('a session counts at the second look', async () => {
    const { look } = await begun();
    assert.deepEqual(await look(0), []);
    assert.deepEqual(await look(1), []);
    assert.deepEqual(await look(1), visited);
  });

  test('one by docker exec is none, whether the server or the engine tells of it first', async () => {
    for (const isEngineFirst of [true, false]) {
      const { acts, look } = await begun();
      if (!isEngineFirst) assert.deepEqual(await look(1), []);
      assert.deepEqual([...acts.ran(ranThere('psql -U postgres -c select 1'))], inside);
      if (isEngineFirst) assert.deepEqual(await look(0), []);
      for (let looks = 0; looks < 3; looks += 1) assert.deepEqual(await look(1), []);
      assert.deepEqual(await look(2), []);
      assert.deepEqual(await look(2), visited);
    }
  });

  test('a question of pglab’s own, from another process, is told of by nobody', async () => {
    const { acts, look } = await begun();
    const line = [...OWN_CLIENT, '-U', 'postgres', '-d', LOOKED_FROM, '-c', 'select 1'].join(' ');
    for (const action of ['exec_start', 'exec_die'] as const)
      assert.deepEqual([...acts.ran(there(action, line))], []);
    await look(1);
    assert.deepEqual(await look(1), visited);
    assert.ok(VISITS.includes(`'${LOOKED_FROM}'`), 'whence it comes is in no count');
  });

  test('another program that runs there takes nothing from it', async () => {
    const { acts, look } = await begun();
    assert.deepEqual([...acts.ran(ranThere('printenv POSTGRES_PASSWORD'))], []);
    await look(1);
    assert.deepEqual(await look(1), visited);
  });

  test('one program there may come as often as it likes', async () => {
    const { acts, look } = await begun();
    acts.ran(there('exec_start', 'bash -c psql; psql')).next();
    assert.deepEqual(await look(1), []);
    assert.deepEqual(await look(1), []);
    assert.deepEqual([...acts.ran(ranThere('bash -c psql; psql'))], inside);
    for (let looks = 0; looks < 4; looks += 1) assert.deepEqual(await look(2), []);
    assert.deepEqual(await look(3), []);
    assert.deepEqual(await look(3), visited);
  });

  test('who came while a shell was open there is told that it does not count, once for each shell', async () => {
    const { acts, look } = await begun();
    const values = { name: 'mapped', program: 'bash' };
    const unclear = [{ type: 'noted', step: 'three-connections', note: 'visit-unclear', values }];
    assert.deepEqual([...acts.ran(there('exec_start', '/usr/bin/bash'))], []);
    assert.deepEqual(await look(0), []);
    assert.deepEqual(await look(1), unclear);
    assert.deepEqual(await look(2), []);
    assert.deepEqual([...acts.ran(ranThere('/usr/bin/bash'))], []);
    for (let looks = 0; looks < 3; looks += 1) assert.deepEqual(await look(3), []);
    assert.deepEqual(await look(4), []);
    assert.deepEqual(await look(4), visited);
  });

  test('a client that ran there and came to nobody is soon forgotten', async () => {
    const { acts, look } = await begun();
    acts.ran(ranThere('psql --version')).next();
    for (let looks = 0; looks < 3; looks += 1) assert.deepEqual(await look(0), []);
    await look(1);
    assert.deepEqual(await look(1), visited);
  });
});
