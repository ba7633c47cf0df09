/**
 * A rootless engine of an unprivileged user, in the network of the tests and so beside their engine. The user, the
 * ids that belong to them and a /dev/net/tun that they may open are there in a mount namespace alone: when that
 * ends, nothing of them is left on this machine, however it ends.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, ended, readResult } from './lab.ts';
import { asUser, copyProgram, freeUid, processesOfUser } from './users.ts';

const UP_WITHIN_MS = 60_000;
const DOWN_WITHIN_MS = 30_000;
/** The ids that its containers get: of nobody on this machine. */
const SUBORDINATE = 'learner:2000000:65536\n';
/** A machine around this one, in case this one is a container: nothing that the engine publishes is there. */
const AROUND = '192.0.2.77 host.docker.internal';
const FILES_OF_ITS_OWN = ['passwd', 'group', 'hosts', 'subuid', 'subgid'];

export interface Rootless {
  url: string;
  /** The folder of the user, which goes with them. */
  home: string;
  pglab(...args: string[]): Promise<Ended>;
  json(...args: string[]): Promise<ReturnType<typeof readResult> & { code: number }>;
  docker(...args: string[]): Promise<Ended>;
  /** Loads images that this user could not read. */
  load(tarball: string): void;
  end(): Promise<void>;
}

/** Until no process of this user runs. */
async function waitUntilGone(uid: number): Promise<void> {
  const deadline = performance.now() + DOWN_WITHIN_MS;
  while (processesOfUser(uid).length > 0) {
    if (performance.now() > deadline) throw new Error(`still there of uid ${uid}: ${processesOfUser(uid)}`);
    await sleep(50);
  }
}

export async function openRootless(): Promise<Rootless> {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-rootless-'));
  const uid = freeUid();
  const [home, run, etc] = [join(folder, 'home'), join(folder, 'run'), join(folder, 'etc')];
  for (const each of [home, run, etc]) mkdirSync(each, { mode: 0o700 });
  execFileSync('chmod', ['755', folder, etc]);
  for (const each of [home, run]) chownSync(each, uid, uid);
  writeIds(etc, home, uid);
  const program = copyProgram(home);
  const env = {
    ...{ PATH: `${process.env.PATH}:/usr/sbin:/sbin`, HOME: home, USER: 'learner', LANG: 'C.UTF-8' },
    ...{ XDG_RUNTIME_DIR: run, PGLAB_HOME: join(home, 'pglab'), PGLAB_PORT: '6950' },
  };
  const log = join(folder, 'log');
  const asLearner = ['setpriv', ...asUser(uid)];
  const socket = join(run, 'docker.sock');
  const mounts = [
    ...FILES_OF_ITS_OWN.map((name) => `mount --bind ${join(etc, name)} /etc/${name}`),
    `mknod -m 666 ${join(folder, 'tun')} c 10 200`,
    `mount --bind ${join(folder, 'tun')} /dev/net/tun`,
    `exec ${asLearner.join(' ')} --pdeathsig=TERM ${rootlessScript()} --host unix://${socket}`,
  ];
  const out = openSync(log, 'a');
  const engine = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', '-ec', mounts.join('\n')], {
    ...{ cwd: home, env, stdio: ['ignore', out, out] },
  });
  closeSync(out);
  const url = `unix://${socket}`;
  const inside = (program: string, ...args: string[]) =>
    ended('nsenter', [`--mount=/proc/${engine.pid}/ns/mnt`, ...asLearner, program, ...args], env);
  const pglab = (...args: string[]) => inside(process.execPath, program, ...args);
  const rootless: Rootless = {
    url,
    home,
    pglab,
    async json(...args) {
      const told = await pglab(...args, '--format', 'json');
      return { ...readResult(told), code: told.code };
    },
    docker: (...args) => inside('docker', '--host', url, ...args),
    load: (tarball) => execFileSync('docker', ['--host', url, 'load', '--input', tarball], { stdio: 'pipe' }),
    async end() {
      if (engine.exitCode === null && engine.kill('SIGTERM')) await once(engine, 'exit');
      await waitUntilGone(uid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await waitUntilUp(rootless, () => engine.exitCode !== null).catch(async (error) => {
    const said = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n');
    await rootless.end();
    throw new Error(`no rootless engine: ${error.message}\n${said}`);
  });
  return rootless;
}

async function waitUntilUp({ docker }: Rootless, isOver: () => boolean): Promise<void> {
  for (const deadline = performance.now() + UP_WITHIN_MS; ; await sleep(100)) {
    if (isOver()) throw new Error('it ended');
    if ((await docker('version')).code === 0) return;
    if (performance.now() > deadline) throw new Error('it did not come up in time');
  }
}

function writeIds(etc: string, home: string, uid: number): void {
  const absent = FILES_OF_ITS_OWN.find((name) => !existsSync(`/etc/${name}`));
  if (absent) throw new Error(`there is no /etc/${absent}`);
  const with_ = (name: string, line: string) =>
    writeFileSync(join(etc, name), `${readFileSync(`/etc/${name}`, 'utf8')}${line}\n`);
  with_('passwd', `learner:x:${uid}:${uid}::${home}:/bin/bash`);
  with_('group', `learner:x:${uid}:`);
  with_('hosts', AROUND);
  for (const name of ['subuid', 'subgid']) writeFileSync(join(etc, name), SUBORDINATE);
}

/** Docker's own starter; Debian keeps it with its examples. */
function rootlessScript(): string {
  const name = 'dockerd-rootless.sh';
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/share/docker.io/contrib'];
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`there is no ${name} in ${folders.join(' ')}`);
  return found;
}
