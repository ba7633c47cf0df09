/**
 * Docker as another Debian has it: a root of that Debian by mmdebstrap, and its `dockerd` in there, with a network and mounts
 * of its own. pglab and the client stay outside, and speak to it over its socket. Where it cannot be had, the tests fail.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installPackages } from '../../src/packages.ts';
import { hasTool } from '../../src/shell.ts';
import { CLI, type Ended, ended, outputOf } from '../e2e/lab.ts';

export interface DebianEngine {
  env: NodeJS.ProcessEnv;
  /** In the engine's network. */
  pglab(...args: string[]): Promise<Ended>;
  docker(...args: string[]): Promise<string>;
  /** Ends it by its process id, with all that it held. */
  end(): Promise<void>;
}

const PACKAGES = 'docker.io,mount,procps,iptables,ca-certificates';
const UP_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

const UP = `set -eu
root=$1 home=$2
ip link set lo up
# The root of its whole mount namespace, as on a machine of its own: what it runs in a container enters by that.
mount --bind "$root" "$root"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
# What is mounted into containers lies at the same place, inside and outside.
mkdir -p "$root$home"
mount --bind "$home" "$root$home"
mkdir -p "$root/outside"
shift 2
cd "$root"
pivot_root . outside
umount -l /outside
exec dockerd --host "unix://$home/docker.sock" --pidfile /run/dockerd.pid "$@"
`;

interface DebianOptions {
  suite: string;
  options: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Debian's own packages in a folder. */
function makeRoot(suite: string, root: string): void {
  // A copy of sid may stand still for longer than its date allows.
  const dated = suite === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : [];
  execFileSync('mmdebstrap', ['--variant=apt', `--include=${PACKAGES}`, ...dated, suite, root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** `suite`: a Debian, such as `trixie`. `options`: of dockerd; `env`: beside what it would have. */
export async function openDebianEngine({ suite, options, env: more }: DebianOptions): Promise<DebianEngine> {
  if (!hasTool('mmdebstrap')) await installPackages(['mmdebstrap'], console.log);
  const folder = mkdtempSync(join(tmpdir(), 'pglab-debian-'));
  const root = join(folder, 'root');
  const home = join(folder, 'home');
  mkdirSync(home);
  makeRoot(suite, root);
  writeFileSync(join(folder, 'up.sh'), UP);
  const args = ['--net', '--mount', 'bash', join(folder, 'up.sh'), root, home, ...options];
  const service = spawn('unshare', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...more },
  });
  let said = '';
  service.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-4_000);
  });
  const env: NodeJS.ProcessEnv = {
    ...{ ...process.env, DOCKER_HOST: `unix://${home}/docker.sock`, PGLAB_HOME: join(home, 'pglab') },
    ...{ PGLAB_IMAGE: 'postgres:17', LANG: 'C.UTF-8' },
  };
  delete env.NODE_TEST_CONTEXT;
  const inside = (program: string, ...rest: string[]) =>
    ended('nsenter', [`--net=/proc/${service.pid}/ns/net`, program, ...rest], env);
  const docker = (...rest: string[]) => outputOf('docker', rest, env);
  const engine: DebianEngine = {
    ...{ env, docker },
    pglab: (...rest) => inside(process.execPath, CLI, ...rest),
    async end() {
      await ended('docker', ['rm', '-f', '-v', ...(await docker('ps', '-aq')).split('\n')], env);
      service.kill();
      if (service.exitCode === null && service.signalCode === null) await once(service, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const deadline = performance.now() + UP_WITHIN_MS;
  while ((await ended('docker', ['version'], env)).code !== 0) {
    if (service.exitCode !== null || performance.now() > deadline) {
      await engine.end().catch(() => {});
      throw new Error(`the engine of Debian ${suite} did not come up: ${said}`);
    }
    await delay(LOOK_EVERY_MS);
  }
  return engine;
}
