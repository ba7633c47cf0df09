/** What is read of this machine: command lines, what a killed build left, what a server's log tells. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectedTo, listeners } from '../../src/host.ts';
import { clearKilledBuilds } from '../../src/image/build.ts';
import { forgetDigest, isAsPromised, writeDigest } from '../../src/image/tarball.ts';
import {
  foundDataFirst,
  isServerStarting,
  wasCutOff,
  wasReadyTwice,
  wasShutDownFast,
} from '../../src/postgres/setup-log.ts';
import { processesWith } from '../../src/running-processes.ts';
import { orphansOf } from '../../src/world/orphans.ts';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    const end = once(child, 'exit');
    child.kill();
    await end;
  }
});

/** A process with these words on its command line. */
function processWith(...words: string[]): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)', '--', ...words]);
  started.push(child);
  return child.pid as number;
}

test('a word is found whole: not as the end of another, nor as its beginning', async () => {
  const pid = processWith('--label', 'pglab.run=word-one', '-x', '/srv/word-lab/engine/run/a.sock');
  const quoted = processWith('-c', `docker run --label 'pglab.run=word-two' postgres`);
  const asking = processWith('events', '--filter', 'label=pglab.run=word-three');
  assert.deepEqual(await processesWith(['pglab.run=word-one']), [pid]);
  assert.deepEqual(await processesWith(['pglab.run=word']), []);
  assert.deepEqual(await processesWith(['pglab.run=word-one', 'pglab.run=word-two']), []);
  assert.deepEqual(await processesWith(['/srv/word-lab/engine/run']), [pid]);
  assert.deepEqual(await processesWith(['/word-lab/engine/run']), []);
  assert.deepEqual(await processesWith(['pglab.run=word-two']), [quoted]);
  assert.deepEqual(await processesWith(['pglab.run=word-three']), [], `${asking} only asks`);
});

test('nobody else’s process is taken for one of ours, whatever its command line says; nor another program', async () => {
  const words = ['pglab.run=word-four', 'pglab.home=0123456789ab'];
  const stranger = spawn('sleep', ['60'], { argv0: `docker ${words.join(' ')}`, uid: 65_534 });
  const other = spawn('bash', ['-c', 'exec -a "$0" sleep 60', `docker ${words.join(' ')}`]);
  started.push(stranger, other);
  while (readFileSync(`/proc/${other.pid}/comm`, 'utf8').trim() !== 'sleep') await sleep(5);
  assert.deepEqual(await processesWith(words), [other.pid]);
  const still = orphansOf({ run: 'word-four', home: '0123456789ab', lab: 'tiny' }, {});
  assert.equal(await still(), false);
  const client = spawn('bash', ['-c', 'read', 'docker', ...words], { stdio: ['pipe', 'ignore', 'ignore'] });
  started.push(client);
  while (!(await still())) await sleep(5);
});

test('who listens is told with the addresses, by IPv4 and IPv6', async () => {
  const servers: Server[] = [];
  const listen = async (host: string, at = 0) => {
    const server = createServer().listen(at, host);
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  try {
    const port = await listen('127.0.0.9');
    await listen('::1', port);
    const [listener, ...others] = await listeners(port);
    assert.deepEqual(others, []);
    assert.equal(listener?.pid, process.pid);
    assert.deepEqual(listener?.addresses.sort(), ['127.0.0.9', '::1']);
    const every = await listen('0.0.0.0');
    assert.deepEqual((await listeners(every))[0]?.addresses, ['0.0.0.0']);
  } finally {
    for (const server of servers) server.close();
  }
});

test('what killed builds left goes; what somebody still builds stays, and what is another host’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-builds-'));
  const dead = spawn('true');
  await once(dead, 'exit');
  const names = {
    left: `.build-${hostname()}-${dead.pid}-aaaaaa`,
    writing: `.build-${hostname()}-${dead.pid}-bbbbbb`,
    building: `.build-${hostname()}-${process.pid}-cccccc`,
    elsewhere: `.build-another-${dead.pid}-dddddd`,
    theirs: 'postgres-17.tar',
  };
  for (const name of Object.values(names)) mkdirSync(join(folder, name));
  processWith(join(folder, names.writing, 'layer.tar'));
  await clearKilledBuilds(folder);
  const { left, ...stay } = names;
  assert.deepEqual(readdirSync(folder).sort(), Object.values(stay).sort());
});

test('a set-up that was cut off is told from one that has served', () => {
  const begun = 'The files belonging to this database system will be owned by user "postgres".\n';
  const temporary = 'UTC [48] LOG:  database system is ready to accept connections\n';
  const server = 'UTC [1] LOG:  database system is ready to accept connections\n';
  const complete = 'PostgreSQL init process complete; ready for start up.\n';
  assert.ok(wasCutOff(begun));
  assert.ok(wasCutOff(begun + temporary));
  assert.ok(!wasCutOff(begun + temporary + complete));
  assert.ok(
    !wasCutOff(`${begun}${temporary}Skipping initialization\n${server}`),
    'started again, it came up',
  );
  assert.ok(!wasCutOff('Skipping initialization\n'));
  assert.ok(!wasCutOff(''));
});

test('data that was found is told from data that a container made itself and found again', () => {
  const made = 'The files belonging to this database system will be owned by user "postgres".\n';
  const found = 'Skipping initialization\n';
  assert.ok(foundDataFirst(found));
  assert.ok(foundDataFirst(found + found));
  assert.ok(!foundDataFirst(made + found));
  assert.ok(!foundDataFirst(made));
});

test('a server that has begun is on its way until it says that it is ready, or that it writes elsewhere', () => {
  const begins = (pid: number) => `UTC [${pid}] LOG:  starting PostgreSQL 17.5 on x86_64\n`;
  const ready = (pid: number) => `UTC [${pid}] LOG:  database system is ready to accept connections\n`;
  const setUp = begins(48) + ready(48);
  const complete = 'PostgreSQL init process complete; ready for start up.\n';
  const elsewhere = 'UTC [1] LOG:  redirecting log output to logging collector process\n';
  assert.ok(isServerStarting(setUp + complete), 'between the two of a first start');
  assert.ok(isServerStarting(setUp + complete + begins(1)));
  assert.ok(!isServerStarting(setUp + complete + begins(1) + ready(1)));
  assert.ok(!isServerStarting(begins(1) + setUp + complete + ready(1)), 'read in another order');
  assert.ok(
    isServerStarting(`${begins(1)}${ready(1)}Skipping initialization\n${begins(1)}`),
    'started again',
  );
  assert.ok(!isServerStarting(setUp + complete + begins(1) + elsewhere));
  assert.ok(!isServerStarting(`Skipping initialization\n${ready(1)}`), 'the beginning of the log is lost');
  assert.ok(!isServerStarting(`${complete}`), 'says nothing of servers');
});

test('two servers in turn are told by their processes, under an init too, and in whatever order their lines were read', () => {
  const ready = (pid: number) => `UTC [${pid}] LOG:  database system is ready to accept connections\n`;
  const complete = 'PostgreSQL init process complete; ready for start up.\n';
  assert.deepEqual(wasReadyTwice(ready(48) + complete + ready(1)), { first: '48', second: '1' });
  assert.deepEqual(wasReadyTwice(complete + ready(50) + ready(7)), { first: '50', second: '7' });
  assert.deepEqual(wasReadyTwice(ready(48) + ready(1) + complete + ready(1))?.second, '1');
  assert.equal(wasReadyTwice(ready(48) + ready(1)), null, 'never complete');
  assert.equal(wasReadyTwice(ready(48) + complete), null, 'the second one never came');
  assert.equal(wasReadyTwice(complete + ready(1) + ready(1)), null, 'one server, started twice');
  assert.equal(wasReadyTwice(ready(48) + complete + ready(70)), null, 'two temporary ones');
  const second = 'an engine that paused read stderr first';
  assert.deepEqual(wasReadyTwice(ready(1) + ready(38) + complete), { first: '38', second: '1' }, second);
  assert.deepEqual(wasReadyTwice(ready(7) + ready(50) + complete), { first: '50', second: '7' }, second);
});

test('a fast shutdown is that of the server that stays, not of the one that its set-up ended', () => {
  const said = (pid: number, what: string) => `UTC [${pid}] LOG:  ${what}\n`;
  const ready = (pid: number) => said(pid, 'database system is ready to accept connections');
  const fast = (pid: number) => said(pid, 'received fast shutdown request');
  assert.ok(wasShutDownFast(ready(48) + fast(48) + ready(1) + fast(1)));
  assert.ok(wasShutDownFast(ready(1) + ready(48) + fast(48) + fast(1)));
  assert.ok(!wasShutDownFast(ready(48) + fast(48) + ready(1) + said(1, 'received smart shutdown request')));
  assert.ok(!wasShutDownFast(fast(48)));
});

test('killed between a tarball and its digest, the tarball is believed without one', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pglab-digest-')), 'postgres-17.tar');
  writeFileSync(file, 'old');
  await writeDigest(file);
  await forgetDigest(file);
  writeFileSync(file, 'new');
  const promised = async () => {
    const handle = await open(file);
    return isAsPromised(file, handle).finally(() => handle.close());
  };
  assert.equal(await promised(), false);
  await writeDigest(file);
  assert.equal(await promised(), true);
  writeFileSync(file, 'damaged');
  await assert.rejects(promised(), /tarball-damaged/);
});

test('who holds a connection straight to an address is found, of either family', async () => {
  for (const address of ['127.0.0.2', '::1']) {
    const server = createServer().listen(0, address);
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const child = spawn(process.execPath, ['-e', `require('net').connect(${port}, '${address}')`]);
      started.push(child);
      const [socket] = await connection;
      const own = socket.remotePort as number;
      // Not every Node calls itself `node`.
      const name = readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim();
      assert.equal(connectedTo(own, ['192.0.2.1', address], port), name);
      assert.equal(connectedTo(own, ['192.0.2.1'], port), null, 'to another address');
      assert.equal(connectedTo(own, [address], own), null, 'to another port');
    } finally {
      // It ends with the process at its other end.
      server.close();
    }
  }
});
