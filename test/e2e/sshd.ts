/** A real sshd of the tests, on this machine's loopback, whose `docker` leads to the stage's engine. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

const UP_WITHIN_MS = 10_000;

export interface Sshd {
  url: string;
  /** Puts our configuration of ssh before the system's: the key, and the hosts that are known. */
  env(options?: { key?: 'right' | 'wrong'; known?: boolean }): NodeJS.ProcessEnv;
  /** How many connections were let in so far. */
  logins(): number;
  end(): void;
}

export async function openSshd(): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-sshd-'));
  const file = (name: string) => join(folder, name);
  for (const name of ['host', 'right', 'wrong'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  execFileSync('cp', [file('right.pub'), file('authorized')]);
  const port = await freePort();
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, 'UsePAM no', 'StrictModes no'],
    ...[`AuthorizedKeysFile ${file('authorized')}`, 'PidFile none', 'MaxStartups 100', 'LogLevel VERBOSE'],
    `SetEnv DOCKER_HOST=${process.env.DOCKER_HOST}`,
  ];
  writeFileSync(file('sshd_config'), `${lines.join('\n')}\n`);
  // The system's own service makes it where there is one.
  mkdirSync('/run/sshd', { recursive: true });
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  await listening(port);
  const hostKey = execFileSync('cut', ['-d', ' ', '-f', '1,2', file('host.pub')], { encoding: 'utf8' });
  writeFileSync(file('known'), `[127.0.0.1]:${port} ${hostKey}`);
  return {
    url: `ssh://root@127.0.0.1:${port}`,
    env({ key = 'right', known = true } = {}) {
      const bin = mkdtempSync(join(folder, 'bin-'));
      const options = [`IdentityFile ${file(key)}`, 'IdentitiesOnly yes', 'IdentityAgent none'];
      const hosts = `UserKnownHostsFile ${known ? file('known') : '/dev/null'}`;
      writeFileSync(join(bin, 'config'), `${[...options, hosts].join('\n')}\n`);
      writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${join(bin, 'config')}' "$@"\n`);
      chmodSync(join(bin, 'ssh'), 0o755);
      return { PATH: `${bin}:${process.env.PATH}` };
    },
    logins: () => log.split('Accepted publickey').length - 1,
    end() {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  if (!existsSync('/usr/sbin/sshd')) throw new Error('openssh-server is missing');
  for (const deadline = performance.now() + UP_WITHIN_MS; performance.now() < deadline; await sleep(50)) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.on('connect', () => resolve(socket.end() !== null)).on('error', () => resolve(false));
    });
    if (isUp) return;
  }
  throw new Error(`sshd did not come up on ${port}`);
}
