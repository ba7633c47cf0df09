/**
 * Podman from Debian's packages over a socket of its own, rootful or rootless: its network, its mounts and its cgroup
 * are its own, its storage lies in a temporary folder. Where it cannot be had, the tests fail.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installPackages } from '../../src/packages.ts';
import { hasTool } from '../../src/shell.ts';
import { CLI, type Ended, ended, outputOf } from '../e2e/lab.ts';

export interface Podman {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** In Podman's network, as its user. */
  inside(program: string, ...args: string[]): Promise<Ended>;
  pglab(...args: string[]): Promise<Ended>;
  docker(...args: string[]): Promise<string>;
  /** Ends it by its process id, with all that it held. */
  end(): Promise<void>;
}

/** No user of this machine: it stands in a passwd file that only this Podman sees. */
const NOBODY_ELSE = 41_234;
const UP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** Folders of the system that Podman writes to whatever it is told: it sees empty ones in their place. */
const HIDDEN = ['/var/lib/cni', '/var/lib/containers'];

const TOOLS = { podman: 'podman', runc: 'runc', iptables: 'iptables' };
const TOOLS_ROOTLESS = { ...TOOLS, crun: 'crun', newuidmap: 'uidmap', slirp4netns: 'slirp4netns' };

const UP = `set -eu
folder=$1 user=$2
if [ "\${3:-}" != inside ]; then
  # A cgroup of its own: Podman moves all processes of its cgroup into another one.
  mount -t cgroup2 cgroup2 "$folder/cgroup"
  mkdir "$folder/cgroup/$(basename "$folder")"
  echo $$ > "$folder/cgroup/$(basename "$folder")/cgroup.procs"
  umount "$folder/cgroup"
  umount -l /sys/fs/cgroup
  exec unshare --cgroup bash "$0" "$folder" "$user" inside
fi
ip link set lo up
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
for hidden in ${HIDDEN.join(' ')}; do mount -t tmpfs tmpfs "$hidden"; done
export CONTAINERS_CONF="$folder/containers.conf" HOME="$folder/home" XDG_RUNTIME_DIR="$folder/xdg"
as=
if [ "$user" != 0 ]; then
  for file in passwd subuid subgid; do mount --bind "$folder/$file" "/etc/$file"; done
  mount --bind "$folder/tun" /dev/net/tun
  as="setpriv --reuid $user --regid $user --clear-groups"
fi
cd /
exec $as podman --root "$folder/root" --runroot "$folder/run" --tmpdir "$folder/tmp" --storage-driver overlay \\
  system service --time 0 "unix://$folder/podman.sock"
`;

/** Ends what it started and did not wait for, and its cgroup, which the kernel lets go of a moment later. */
const DOWN = `set -eu
mount -t cgroup2 cgroup2 "$0/cgroup"
for _ in {1..100}; do
  for pid in $(find "$0/cgroup/$1" -name cgroup.procs -exec cat {} +); do kill -9 "$pid" || true; done
  if find "$0/cgroup/$1" -depth -type d -exec rmdir {} +; then exit; fi
  sleep 0.1
done
exit 1
`;

export async function openPodman({ rootless }: { rootless: boolean }): Promise<Podman> {
  const missing = Object.entries(rootless ? TOOLS_ROOTLESS : TOOLS).filter(([tool]) => !hasTool(tool));
  if (missing.length > 0)
    await installPackages(
      missing.map(([, name]) => name),
      console.log,
    );
  const user = rootless ? NOBODY_ELSE : 0;
  const folder = prepared(user);
  const made = HIDDEN.filter((path) => !existsSync(path));
  for (const path of made) mkdirSync(path, { recursive: true });
  const service = spawn(
    'unshare',
    ['--net', '--mount', 'bash', join(folder, 'up.sh'), folder, String(user)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const env: NodeJS.ProcessEnv = {
    ...{ ...process.env, HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'xdg') },
    ...{ DOCKER_HOST: `unix://${folder}/podman.sock`, PGLAB_HOME: join(folder, 'home', 'pglab') },
    ...{ PGLAB_IMAGE: 'postgres:17', LANG: 'C.UTF-8' },
  };
  delete env.NODE_TEST_CONTEXT;
  const as = rootless ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : [];
  const docker = (...args: string[]) => outputOf('docker', args, env);
  const inside = (program: string, ...args: string[]) =>
    ended('nsenter', [`--net=/proc/${service.pid}/ns/net`, ...as, program, ...args], env);
  const podman: Podman = {
    ...{ folder, env, docker, inside },
    pglab: (...args) => inside(process.execPath, CLI, ...args),
    async end() {
      await ended('docker', ['rm', '-f', '-v', ...(await docker('ps', '-aq')).split('\n')], env);
      service.kill();
      if (service.exitCode === null && service.signalCode === null) await once(service, 'exit');
      await outputOf('unshare', ['--mount', 'bash', '-c', DOWN, folder, basename(folder)], env);
      rmSync(folder, { recursive: true, force: true });
      for (const path of made) rmdirSync(path);
    },
  };
  const deadline = performance.now() + UP_WITHIN_MS;
  while ((await ended('docker', ['version'], env)).code !== 0) {
    if (service.exitCode !== null || performance.now() > deadline) {
      await podman.end().catch(() => {});
      throw new Error('Podman did not come up: its own words stand above');
    }
    await delay(LOOK_EVERY_MS);
  }
  return podman;
}

/** All that it is told by files. */
function prepared(user: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-podman-'));
  for (const name of ['cgroup', 'home', 'xdg', 'net', 'root', 'run', 'tmp']) mkdirSync(join(folder, name));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('up.sh', UP);
  write('containers.conf', confFor(folder, user));
  chmodSync(join(folder, 'xdg'), 0o700);
  chmodSync(folder, 0o755);
  if (user === 0) return folder;
  write('passwd', `root:x:0:0::/root:/bin/sh\nlearner:x:${user}:${user}::${folder}/home:/bin/sh\n`);
  for (const name of ['subuid', 'subgid']) write(name, 'learner:100000:65536\n');
  execFileSync('mknod', ['--mode=666', join(folder, 'tun'), 'c', '10', '200']);
  execFileSync('chown', ['-R', `${user}:${user}`, folder]);
  return folder;
}

function confFor(folder: string, user: number): string {
  const isOld = /version [0-4]\./.test(execFileSync('podman', ['--version'], { encoding: 'utf8' }));
  // It asks for more than a process of this machine may have.
  const limits = isOld ? 'default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]' : '';
  const oldRuntime = isOld ? 'runtime = "runc"' : '';
  return `[containers]
pids_limit = 0
${limits}
${user === 0 ? '' : 'cgroups = "disabled"'}
[network]
network_config_dir = "${folder}/net"
[engine]
${user === 0 ? oldRuntime : 'runtime = "crun"'}
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
}
