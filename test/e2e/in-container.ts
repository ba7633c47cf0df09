/** pglab in a container of the stage's engine, with the engine's socket mounted into it: as in a dev container, or in CI. */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, type Ended, ended, openLab, readResult } from './lab.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Box {
  id: string;
  /** A home that the container has to itself. */
  pglab(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended>;
  json(env: NodeJS.ProcessEnv, ...args: string[]): Promise<ReturnType<typeof readResult> & { code: number }>;
  /** Resets its run, and takes the container away. */
  end(): Promise<void>;
}

/** `options`: of `docker run`, such as its network. The image has psql and bash; node and docker are this machine's. */
export async function openBox(...options: string[]): Promise<Box> {
  const { docker } = openLab();
  const socket = (process.env.DOCKER_HOST ?? '').replace('unix://', '');
  const programs = ['node', 'docker'].flatMap((name) => [
    ...['-v', `${realpathSync(pathOf(name))}:/usr/local/bin/${name}:ro`],
  ]);
  const shared = ['-v', `${ROOT}:${ROOT}:ro`, '-v', `${socket}:/var/run/docker.sock`];
  const run = [
    'run',
    '-d',
    ...options,
    ...programs,
    ...shared,
    '--entrypoint',
    'sleep',
    'postgres:17',
    'infinity',
  ];
  const id = await docker(...run);
  const inside = (env: NodeJS.ProcessEnv, ...command: string[]) => {
    const flags = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    return ended('docker', ['exec', ...flags, id, ...command], process.env);
  };
  const pglab = (env: NodeJS.ProcessEnv, ...args: string[]) => inside(env, 'node', CLI, ...args);
  return {
    id,
    pglab,
    async json(env, ...args) {
      const told = await pglab(env, ...args, '--format', 'json');
      return { ...readResult(told), code: told.code };
    },
    async end() {
      const { code, stderr } = await pglab({}, 'reset', '--yes');
      await docker('rm', '-f', '-v', id);
      if (code !== 0) throw new Error(`reset failed: ${stderr}`);
    },
  };
}

function pathOf(program: string): string {
  return execFileSync('which', [program], { encoding: 'utf8' }).trim();
}

/** A network of containers that others do not reach by their own addresses. `gateway`: the engine's machine, seen from there. */
export async function openNetwork(
  name: string,
): Promise<{ name: string; gateway: string; end(): Promise<unknown> }> {
  const { docker } = openLab();
  await docker('network', 'create', name);
  const gateway = await docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', name);
  return { name, gateway, end: () => docker('network', 'rm', name) };
}
