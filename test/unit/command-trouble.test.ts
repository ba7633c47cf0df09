/** Why a command failed, by its own words: what psql or a registry says of its connection is no end of the engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedContainer } from '../../src/engine/types.ts';
import { commandTrouble } from '../../src/runner/walk/command-trouble.ts';
import { Trouble } from '../../src/trouble.ts';
import { Snapshot } from '../../src/world/snapshot.ts';

const owner = { run: 'r', home: 'h', lab: 'l' };
const PAUSED = { id: '6713976a8835'.padEnd(64, '0'), status: 'paused', bindings: [{ hostPort: 6700 }] };
const ours = [{ name: 'mapped', container: PAUSED as unknown as ListedContainer }];
const nothing = { adopted: new Map(), guests: new Map(), inspect: async () => null };
const world = { snapshot: async () => new Snapshot({ ours, ...nothing }) };

const codeOf = async (output: string, answers = true, isLate = false, command = 'c') => {
  const volumes = async () => {
    if (!answers) throw new Trouble('engine-unreachable');
    return [];
  };
  const context = { engine: { volumes }, owner, world } as unknown as Parameters<typeof commandTrouble>[0];
  return (await commandTrouble(context, { command, exitCode: 1, output, isLate })).code;
};

test('the words of the Docker CLI for an engine that went', async () => {
  for (const said of [
    'unexpected EOF',
    'error during connect: Post "http://x": EOF',
    'docker: error reading from server: connection reset by peer',
    'read unix @->/run/user/1000/docker.sock: read: connection reset by peer',
    'write unix @->/var/run/docker.sock: write: broken pipe',
    'read tcp 10.0.0.2:51022->10.0.0.1:2376: read: connection reset by peer',
    'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
  ]) {
    assert.equal(await codeOf(said), 'engine-broke-off', said);
    assert.equal(await codeOf(said, false), 'engine-unreachable', said);
  }
  assert.equal(await codeOf(''), 'command-silent');
});

test('one that was ended since it took too long: that, whatever it said, where its engine is there', async () => {
  for (const said of ['', 'begun']) {
    assert.equal(await codeOf(said, true, true), 'command-endless');
    assert.equal(await codeOf(said, false, true), 'engine-unreachable');
  }
});

test('the same words of others', async () => {
  for (const said of [
    'psql: error: connection to server at "127.0.0.1", port 6700 failed: Connection reset by peer',
    'could not send data to server: Broken pipe',
    'app: read tcp 172.17.0.3:51022->172.17.0.2:5432: read: connection reset by peer',
    'Unable to find image\ndocker: Error response from daemon: Get "https://r/v2/": connection reset by peer',
  ])
    assert.equal(await codeOf(said), 'command-failed', said);
});

test('one that goes to a container that is paused: that, however it ended', async () => {
  for (const command of [
    'docker exec 6713976a8835 psql',
    "psql -p 6700 -c 'select 1'",
    'psql x@127.0.0.1:6700/x',
  ]) {
    assert.equal(await codeOf('', true, true, command), 'needed-paused', command);
    assert.equal(await codeOf('timeout expired', true, false, command), 'needed-paused', command);
    assert.equal(await codeOf('unexpected EOF', false, false, command), 'engine-unreachable', command);
  }
  for (const command of ['docker exec 6713976a88350 psql', 'psql -p 67001'])
    assert.equal(await codeOf('no', true, false, command), 'command-failed', command);
});
