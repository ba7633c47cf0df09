/** Podman, which speaks Docker's API, and may stand in for Docker's own command line (`podman-docker`). */
import { run } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import type { Endpoint } from './endpoint.ts';
import type { EngineInfo } from './types.ts';

/** Its own name for itself, among the components of its version. */
export const PODMAN = 'Podman Engine';

export function isPodman({ name }: Pick<EngineInfo, 'name'>): boolean {
  return name === PODMAN;
}

/** What Podman in the place of `docker` must have in its environment to come to an engine: it reads no DOCKER_HOST. */
export function podmanEnvironment({ url, tls }: Endpoint): Record<string, string> {
  return /^(unix|tcp):/.test(url) && !tls ? { CONTAINER_HOST: url } : {};
}

/** Whether the `docker` that would run is Podman. */
export async function isDockerPodman(): Promise<boolean> {
  const { stdout, isLate } = await run(['docker', '--version']);
  if (isLate) throw new Trouble('client-endless', { command: 'docker --version' });
  return isVersionOfPodman(stdout);
}

/** What `docker --version` prints. */
export function isVersionOfPodman(version: string): boolean {
  return version.startsWith('podman');
}
