/** Ports of the host that lead into a container. */
import type { Container } from './types.ts';

type Bound = Pick<Container, 'bindings'>;

/** The host's port that leads to this port of the container; null where none does. */
export function publishedPort({ bindings }: Bound, inside: number): number | null {
  return bindings.find(({ containerPort }) => containerPort === inside)?.hostPort ?? null;
}
