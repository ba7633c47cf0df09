/** The built-in engine: up, used, down; and never beside another one in the same network. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect } from '../../src/host.ts';
import { CLI, type Ended, ended, openLab, processesOf, readResult } from './lab.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const LEFT_POLICY =
  '#!/bin/sh\n# Written by pglab while it installs packages: no service is started.\nexit 101\n';

/** Runs a verb in a network namespace of its own, where no other engine is. */
function apart(env: NodeJS.ProcessEnv, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const line = `ip link set lo up && exec "${process.execPath}" "${CLI}" ${words.join(' ')}`;
    execFile('unshare', ['--net', 'bash', '-c', line], { env, encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

describe('the built-in engine', () => {
  test('where another engine runs, even one that nothing names, none is started beside it', async () => {
    const lab = openLab();
    const published = await lab.docker(
      'run',
      '-d',
      '-p',
      '127.0.0.1:6790:5432',
      '-e',
      'POSTGRES_PASSWORD=x',
      'postgres:17',
    );
    try {
      const { DOCKER_HOST: _, ...blind } = lab.env;
      const hidden = openLab({ ...blind, DOCKER_HOST: '', PGLAB_HOME: lab.home });
      for (const words of [
        ['engine', 'up'],
        ['next', '--yes'],
      ]) {
        const { code, stderr } = await hidden.pglab(...words);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /^An engine runs on this machine already \(dockerd, process \d+\)/);
      }
      assert.equal(await connect('127.0.0.1', 6790), null, 'the published port still answers');
      assert.deepEqual(processesOf(`${lab.home}/engine`), []);
    } finally {
      await lab.docker('rm', '-fv', published);
      await lab.end();
    }
  });

  test('an engine that answers is used: engine up starts nothing', async () => {
    const lab = openLab();
    const { code, stdout } = await lab.pglab('engine', 'up');
    assert.equal(code, 0);
    assert.match(stdout, /An engine is there already: .* Nothing was started\./);
    assert.ok(!existsSync(join(lab.home, 'engine')));
    await lab.end();
  });

  test('up, status, env, down; afterwards nothing of it runs and no service was made', async () => {
    // A long home: its sockets must still have a short path.
    const long = join(mkdtempSync(join(tmpdir(), 'pglab-engine-')), 'a-long-folder-name-'.repeat(4));
    const { DOCKER_HOST: _, ...blind } = process.env;
    const env = { ...blind, PGLAB_HOME: long, LANG: 'C.UTF-8' };
    // What a pglab left that was killed while it installed: no package would start its service any more.
    const theirs = existsSync(POLICY) ? readFileSync(POLICY, 'utf8') : null;
    writeFileSync(POLICY, LEFT_POLICY, { mode: 0o755 });
    const up = await apart(env, 'engine', 'up');
    const isLeft = existsSync(POLICY);
    if (theirs !== null) writeFileSync(POLICY, theirs, { mode: 0o755 });
    assert.ok(!isLeft);
    assert.equal(up.code, 0, up.stderr);
    assert.match(up.stdout, /The built-in engine [\d.]+\S* answers at unix:\/\/\S+\.$/m);
    const line = (await apart(env, 'engine', 'env')).stdout;
    assert.match(line, /^export DOCKER_HOST=unix:\/\/\/\S{1,90}$/m);
    const json = readResult(await apart(env, 'engine', 'status', '--format', 'json'));
    assert.deepEqual([json.engine?.builtIn, json.trouble], [true, null]);
    assert.ok(processesOf(long).length > 0);
    // The learner's docker goes to this one, and pglab was pointed at the other.
    const lab = openLab({ DOCKER_HOST: line.trim().replace('export DOCKER_HOST=', '') });
    const { steps, code } = await lab.json('check', 'detached-run', '--host', process.env.DOCKER_HOST ?? '');
    const findings = new Set(steps[0]?.checks.map(({ finding }) => finding));
    assert.deepEqual([code, ...findings], [1, 'another-engine']);
    assert.match(steps[0]?.checks[0]?.observed ?? '', /your docker talks to unix:\/\//);
    rmSync(lab.home, { recursive: true });
    const again = await apart(env, 'engine', 'up');
    assert.equal(again.code, 0, again.stderr);
    const down = await apart(env, 'engine', 'down');
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(processesOf(long), []);
    assert.match((await apart(env, 'engine', 'down')).stdout, /was not running/);
    assert.equal((await apart(env, 'engine', 'status')).code, 2);
    rmSync(long, { recursive: true, force: true });
  });

  test('what it changed in the network of the machine is put back, also after it was killed', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-network-'));
    const { DOCKER_HOST: _, ...blind } = process.env;
    const env = { ...blind, PGLAB_HOME: home, LANG: 'C.UTF-8' };
    const show = [
      'cat /proc/sys/net/ipv4/ip_forward',
      ...['iptables', 'ip6tables'].flatMap((each) => [`${each} -S`, `${each} -t nat -S`]),
      'cut -d: -f1 /proc/net/dev | sort',
    ].join('; ');
    const pglab = `"${process.execPath}" "${CLI}"`;
    const socket = `$(${pglab} engine env | sed "s/.*=//")`;
    const own = [
      ...['-N DOCKER-MINE', '-A FORWARD -j DOCKER-MINE', '-N MINE', '-A FORWARD -i eth9 -j MINE'],
      // As an engine of others leaves them when it has ended, and as people write them.
      ...['-N DOCKER-USER', '-A DOCKER-USER -s 10.1.1.1/32 -j DROP', '-I FORWARD -j DOCKER-USER'],
      ...['-t nat -N DOCKER', '-t nat -A DOCKER -i lo -j RETURN'],
      ...['-t nat -A POSTROUTING -s 10.9.0.0/24 ! -o lo -j MASQUERADE'],
    ]
      .map((words) => `iptables ${words}`)
      .concat('ip link add br-mine type bridge')
      .join('\n');
    const script = [
      ...[
        'set -e',
        'ip link set lo up',
        'echo 0 > /proc/sys/net/ipv4/ip_forward',
        own,
        `{ ${show}; } > before`,
      ],
      ...[`${pglab} engine up >&2`, `docker -H ${socket} network create extra >&2`, `{ ${show}; } > during`],
      ...[
        'kill -9 $(cat engine/run/docker.pid)',
        'while kill -0 $(cat engine/run/docker.pid); do sleep 0.1; done',
      ],
      ...[`${pglab} engine up >&2`, `${pglab} engine down`, `{ ${show}; } > after`],
    ].join('\n');
    const told = await ended('unshare', ['--net', 'bash', '-c', `cd "${home}"\n${script}`], env);
    assert.equal(told.code, 0, told.stderr);
    assert.equal(told.stdout.trim(), 'The built-in engine has ended; nothing of it runs any more.');
    const read = (name: string) => readFileSync(join(home, name), 'utf8');
    assert.match(read('during'), /^1\n[\s\S]*-P FORWARD DROP[\s\S]*docker0/);
    assert.equal(read('after'), read('before'));
    rmSync(home, { recursive: true, force: true });
  });
});
