/** A network namespace with an engine of its own: it may be ended, killed and filled up as a test likes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, type Ended, ended, openLab, type TestLab } from './lab.ts';
import { openTerminalBy, type Session } from './pty.ts';

export interface Apart {
  /** Its `docker` talks to the engine that is apart; its `pglab` runs outside, in the tests' own network. */
  lab: TestLab;
  /** Runs a verb in the engine's network, where no variable names the engine. */
  pglab(...args: string[]): Promise<Ended>;
  /** Any program there; with another home's environment, another home's pglab. */
  inside(env: NodeJS.ProcessEnv, program: string, ...args: string[]): Promise<Ended>;
  /** As `pglab`, in a pseudo-terminal. */
  terminal(...args: string[]): Session;
  /** The folder of all that the engine holds. */
  data: string;
  /** The engine's process id. */
  pid(): number;
  /** Ends the engine, by its process id, and its network; empties the home. */
  end(): Promise<void>;
}

export async function openApart(env: NodeJS.ProcessEnv = {}): Promise<Apart> {
  const lab = openLab(env);
  const engine = join(lab.home, 'engine');
  lab.env.DOCKER_HOST = `unix://${engine}/run/docker.sock`;
  const { DOCKER_HOST: _, ...blind } = lab.env;
  const line = 'ip link set lo up && echo up && exec cat';
  const network = spawn('unshare', ['--net', 'bash', '-c', line], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(network.stdout, 'data');
  const inside = (of: NodeJS.ProcessEnv, ...command: string[]) =>
    ended('nsenter', [`--net=/proc/${network.pid}/ns/net`, ...command], of);
  const pglab = (...args: string[]) => inside(blind, process.execPath, CLI, ...args);
  return {
    lab,
    pglab,
    inside,
    terminal: (...args) => openTerminalBy(['nsenter', `--net=/proc/${network.pid}/ns/net`], args, blind),
    data: join(engine, 'data'),
    pid: () => Number(readFileSync(join(engine, 'run', 'docker.pid'), 'utf8')),
    async end() {
      const { code, stderr } = await pglab('engine', 'down');
      network.stdin.end();
      if (network.exitCode === null) await once(network, 'exit');
      if (code !== 0) throw new Error(`the engine apart did not end: ${stderr}`);
      // The folder itself may be a disk of its own.
      for (const entry of readdirSync(lab.home)) rmSync(join(lab.home, entry), { recursive: true });
    },
  };
}

/** A disk of its own for this folder. */
export interface Disk {
  /** Makes it so large that this much is left on it, in MB. */
  leave(mb: number): void;
  unmount(): void;
}

export function smallDisk(folder: string, mb: number): Disk {
  mkdirSync(folder, { recursive: true });
  const mount = (options: string) => execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  mount(`size=${mb}m`);
  return {
    leave(more) {
      const told = execFileSync('df', ['--block-size=1K', '--output=used', folder], { encoding: 'utf8' });
      mount(`remount,size=${Number(told.split('\n')[1]) + more * 1024}k`);
    },
    unmount: () => execFileSync('umount', [folder]),
  };
}
