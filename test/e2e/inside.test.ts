/**
 * pglab where the engine's ports and folders are not its own machine's: in a container with the engine's socket, behind a
 * firewall, beside another engine, with an engine that sees no folder of ours.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Box, openBox, openNetwork } from './in-container.ts';

const outcomes = ({ steps }: { steps: readonly { id: string; outcome: string }[] }) =>
  steps.map(({ id, outcome }) => `${id} ${outcome}`);

describe('in a container of the engine that it uses', () => {
  let network: Awaited<ReturnType<typeof openNetwork>>;
  let box: Box;
  before(async () => {
    network = await openNetwork('pglab-test-inside');
    box = await openBox('--network', network.name);
  });
  after(async () => {
    await box.end();
    await network.end();
  });

  test('the steps that want a port, an address or a folder are met', async () => {
    const result = await box.json({}, 'run', 'isolated-port', 'three-connections', 'config-outside', '--yes');
    assert.deepEqual(
      outcomes(result),
      ['isolated-port met', 'three-connections met', 'config-outside met'],
      JSON.stringify(result.steps.flatMap(({ checks }) => checks)),
    );
    const ran = result.steps.flatMap(({ commands }) => commands.map((command) => command.ran)).join('\n');
    assert.ok(ran.includes(` -h ${network.gateway} `), `through the gateway: ${ran}`);
    assert.doesNotMatch(ran, /127\.0\.0\.1|lsof/);
    assert.match(ran, /docker cp /);
  });

  test('doctor, the hints and what is shown say so', async () => {
    const { doctor } = await box.json({}, 'doctor');
    const lines = doctor as { what: string; text: string }[];
    const ports = lines.find(({ what }) => what === 'ports')?.text ?? '';
    assert.match(ports, /in a container/);
    assert.ok(ports.includes(network.gateway), ports);
    const { show } = await box.json({}, 'show', 'config-outside');
    assert.match(JSON.stringify(show), /docker cp /);
    assert.doesNotMatch(JSON.stringify(show), /config:\/etc\/postgresql:ro/);
    for (const level of [1, 2, 3]) {
      const { stdout } = await box.pglab({}, 'hint', 'config-outside');
      assert.doesNotMatch(stdout, /\$PWD|A folder of this machine/, `hint ${level}`);
    }
    const { stdout } = await box.pglab({}, 'show', 'port-mapping');
    assert.match(stdout, /port 6700 of the\s+engine's\s+machine/);
  });

  test('another address is taken where it is named, and told where it is wrong', async () => {
    const bad = await box.pglab({ PGLAB_PUBLISHED_HOST: '$(id)' }, 'check', 'image');
    assert.equal(bad.code, 64);
    const wrong = await box.json({ PGLAB_PUBLISHED_HOST: '127.0.0.2' }, 'run', 'port-mapping', '--yes');
    const [answers] = wrong.steps[0]?.checks.filter(({ id }) => id === 'answers') ?? [];
    assert.deepEqual([wrong.code, answers?.outcome, answers?.finding], [2, 'unknown', 'port-elsewhere']);
  });
});

test('in a container on the network of the machine its ports are here, and folders are not', async () => {
  const box = await openBox('--network', 'host');
  try {
    const { doctor } = await box.json({}, 'doctor');
    const said = (doctor as { what: string }[]).map(({ what }) => what);
    assert.deepEqual([said.includes('ports'), said.includes('folders')], [false, true]);
    const result = await box.json({}, 'run', 'config-outside', '--yes');
    assert.deepEqual(outcomes(result), ['config-outside met']);
    const [step] = result.steps;
    assert.ok(step?.commands.some(({ ran }) => ran?.startsWith('docker cp ')));
  } finally {
    await box.end();
  }
});
