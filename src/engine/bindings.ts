/** Ports of the host that lead into a container. */
import type { Container } from './types.ts';

type Bound = Pick<Container, 'bindings'>;

/** The host's port that leads to this port of the container; null where none does. */
export function publishedPort({ bindings }: Bound, inside: number): number | null {
  return bindings.find(({ containerPort }) => containerPort === inside)?.hostPort ?? null;
}

/** As `publishedPort`; where none leads there, the first that leads into the container at all. */
export function mainPort(container: Bound, inside: number | null): number | null {
  const meant = inside === null ? null : publishedPort(container, inside);
  return meant ?? container.bindings[0]?.hostPort ?? null;
}
