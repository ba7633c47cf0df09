/** A visit to a server is told from sessions of our own by what the server counts, whatever happens to it meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import execPsql from '../../labs/postgres-in-docker/05-exec-psql.ts';
import type { LabEvent } from '../../src/journal/events.ts';
import type { Answer } from '../../src/lab/service.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { Acts, counted } from '../../src/runner/hand/acts.ts';

const STOPPING: Answer = { ok: false, cause: '57P01', message: 'terminating connection' };

/** A server that answers what it is told to, in a container that was started then. */
class Server {
  answer: Answer = STOPPING;
  startedAt = 'Monday';

  hasCounted(sessions: number): void {
    this.answer = { ok: true, rows: [[String(sessions), '0', '0', '*']] };
  }

  get context(): RunContext {
    const container = async () => ({
      ...{ id: 'a'.repeat(64), status: 'running', startedAt: this.startedAt },
      ...{ addresses: [], mounts: [], env: {} },
    });
    const server = { visits: 'how many', queryInside: async () => this.answer, refusalOf: () => null };
    const settings = { service: { server, container: { passwordOf: () => null } } };
    return {
      ...{ lab: { settings }, place: { addressOf: () => null }, silentAddresses: new Set() },
      ...{ volumePasswords: new Map(), ask: { requests: null }, told: new Set() },
      world: { snapshot: async () => ({ container }) },
    } as unknown as RunContext;
  }
}

async function told(acts: Acts): Promise<LabEvent[]> {
  const events: LabEvent[] = [];
  for await (const event of acts.look()) events.push(event);
  return events;
}

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
