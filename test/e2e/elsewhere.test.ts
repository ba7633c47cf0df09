/**
 * An engine whose ports, addresses and folders are not this machine's, though its socket is here: in a network of its own
 * with the same addresses as the stage's, where it sees nothing of the learner's home; and the same behind a firewall.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Apart, openApart } from './apart.ts';
import { CLI, ended, openLab, type TestLab } from './lab.ts';

const HERE = '10.98.0.2';
const THERE = '10.98.0.1';
const ENGINE_PORT = 2375;
/** Leads a port of the network that it runs in to a socket. */
const RELAY = `require('node:net').createServer({ allowHalfOpen: true }, (client) => {
  const engine = require('node:net').connect({ path: process.argv[1], allowHalfOpen: true });
  client.pipe(engine).pipe(client);
  for (const end of [client, engine]) end.on('error', () => [client, engine].map((each) => each.destroy()));
}).listen(${ENGINE_PORT}, '${THERE}', () => console.log('up'));`;

type Steps = {
  steps: readonly { id: string; outcome: string; checks: readonly { finding: string | null }[] }[];
};
const told = ({ steps }: Steps) =>
  steps.map(({ id, outcome, checks }) => {
    const findings = checks.flatMap(({ finding }) => finding ?? []);
    return [id, outcome, ...new Set(findings)].join(' ');
  });

describe('an engine that is elsewhere', () => {
  let apart: Apart;
  let home: string;
  let near: TestLab;
  let relay: ChildProcess | null = null;

  before(async () => {
    apart = await openApart();
    home = mkdtempSync(join(tmpdir(), 'pglab-unseen-'));
    const hidden = `mount -t tmpfs tmpfs "$0" && exec "$@"`;
    const up = [process.execPath, CLI, 'engine', 'up', '--yes'];
    const blind = { ...apart.lab.env, DOCKER_HOST: '' };
    const { code, stderr } = await apart.inside(blind, 'unshare', '--mount', 'sh', '-c', hidden, home, ...up);
    assert.equal(code, 0, stderr);
    const tarball = join(process.env.PGLAB_IMAGES ?? '', 'postgres-17.tar');
    await apart.lab.docker('load', '--quiet', '--input', tarball);
    near = openLab({
      ...{ DOCKER_HOST: apart.lab.env.DOCKER_HOST, PGLAB_HOME: home },
      ...{ PGLAB_IMAGE: 'pglab/postgres:17', PGLAB_RUN: 'near' },
    });
  });
  after(async () => {
    relay?.kill();
    const { code, stderr } = await near.pglab('reset', '--all-runs', '--yes');
    await apart.end();
    rmSync(home, { recursive: true, force: true });
    assert.equal(code, 0, stderr);
  });

  test('a neighbour at the same address is not asked, and folders that it does not see are not mounted', async () => {
    const stage = openLab();
    // The first address of the stage's engine, and of this one.
    const neighbour = await stage.docker('run', '-d', '-e', 'POSTGRES_PASSWORD=theirs', 'postgres:17');
    try {
      const result = await near.json('run', 'config-outside', '--yes');
      assert.deepEqual(told(result), ['config-outside met'], JSON.stringify(result.trouble));
      assert.doesNotMatch(JSON.stringify(result.steps), /config:\/etc\/postgresql:ro/);
      const said = await ended('docker', ['logs', neighbour], stage.env);
      assert.match(said.stderr, /ready to accept connections/);
      assert.doesNotMatch(said.stderr, /FATAL/, 'nobody knocked there with another’s password');
      const { show } = await near.json('show', 'config-outside');
      assert.match(JSON.stringify(show), /docker create .*docker cp /);
    } finally {
      await stage.docker('rm', '-f', '-v', neighbour);
    }
  });

  test('ports that are not where they are looked for are told as that', async () => {
    const result = await near.json('run', 'port-mapping', '--yes');
    assert.deepEqual([result.code, ...told(result)], [2, 'port-mapping unknown port-elsewhere']);
  });

  test('behind a firewall what needs no port is met, and the firewall is told', async () => {
    relay = await connectedTo(apart);
    const far = openLab({ ...near.env, DOCKER_HOST: `tcp://${THERE}:${ENGINE_PORT}`, PGLAB_RUN: 'far' });
    const { doctor } = await far.json('doctor');
    assert.match(JSON.stringify(doctor), /is not encrypted/);
    const result = await far.json('run', 'isolated-port', 'port-mapping', 'three-connections', '--yes');
    assert.deepEqual(told(result), [
      'isolated-port met',
      'port-mapping unknown port-dropped',
      'three-connections unknown port-silent port-dropped',
    ]);
    const { stderr, stdout } = await far.pglab('check', 'image');
    assert.doesNotMatch(`${stdout}${stderr}`, /without\s+encryption/, 'said once a run');
  });
});

/** A wire to the engine's network, which lets through what is for the engine itself and drops all else. */
async function connectedTo(apart: Apart): Promise<ChildProcess> {
  const there = (...command: string[]) =>
    execFileSync('nsenter', [`--net=/proc/${apart.pid()}/ns/net`, ...command]);
  const wire = ['pglab-here', 'type', 'veth', 'peer', 'name', 'pglab-there', 'netns', String(apart.pid())];
  execFileSync('ip', ['link', 'add', ...wire]);
  execFileSync('ip', ['addr', 'add', `${HERE}/24`, 'dev', 'pglab-here']);
  execFileSync('ip', ['link', 'set', 'pglab-here', 'up']);
  there('ip', 'addr', 'add', `${THERE}/24`, 'dev', 'pglab-there');
  there('ip', 'link', 'set', 'pglab-there', 'up');
  const passes = ['-i', 'pglab-there', '-p', 'tcp', '!', '--dport', String(ENGINE_PORT)];
  there('iptables', '-t', 'raw', '-A', 'PREROUTING', ...passes, '-j', 'DROP');
  const socket = (apart.lab.env.DOCKER_HOST ?? '').replace('unix://', '');
  const inside = [`--net=/proc/${apart.pid()}/ns/net`, process.execPath, '-e', RELAY, socket];
  const relay = spawn('nsenter', inside, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => relay.stdout?.once('data', resolve));
  return relay;
}
