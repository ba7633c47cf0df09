/** A container as the engine tells of it, for tests of pure logic. */
import type { Container } from '../src/engine/types.ts';

/**
 * One that runs and has nothing: no ports, mounts, networks or environment; but for what is given.
 *
 * @example containerWith({ status: 'exited', exitCode: 1 })
 */
export function containerWith(over: Partial<Container> = {}): Container {
  return {
    id: 'c'.repeat(64),
    name: 'any',
    imageId: 'sha256:17',
    imageRef: 'any',
    status: 'running',
    exitCode: 0,
    pid: 0,
    error: '',
    oomKilled: false,
    restartCount: 0,
    created: '2026-01-01T00:00:00Z',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '0001-01-01T00:00:00Z',
    labels: {},
    env: {},
    exposed: [],
    bindings: [],
    requested: [],
    udp: [],
    mounts: [],
    networks: [],
    addresses: [],
    gateways: [],
    places: [],
    onHostNetwork: false,
    inNetworkOf: null,
    attachable: false,
    removesItself: false,
    command: [],
    ...over,
  };
}
