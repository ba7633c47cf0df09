/** Why a command failed, by its own words: what psql or a registry says of its connection is no end of the engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandTrouble } from '../../src/runner/walk/command-trouble.ts';
import { Trouble } from '../../src/trouble.ts';

const owner = { run: 'r', home: 'h', lab: 'l' };
const codeOf = async (output: string, answers = true, isLate = false) => {
  const volumes = async () => {
    if (!answers) throw new Trouble('engine-unreachable');
    return [];
  };
  const context = { engine: { volumes }, owner } as unknown as Parameters<typeof commandTrouble>[0];
  return (await commandTrouble(context, { command: 'c', exitCode: 1, output, isLate })).code;
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
