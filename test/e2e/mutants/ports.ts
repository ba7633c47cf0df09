/** Wrong worlds of a published port: whether it is published, and where it leads. */
import type { Row } from './row.ts';

const step = 'port-mapping';

export const PORTS: readonly Row[] = [
  {
    world: 'port not published',
    step,
    finds: ['port-not-published'],
    async make(hands) {
      await hands.runOld();
    },
  },
  {
    world: 'published on another port',
    step,
    finds: ['other-host-port'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(hands.port + 50)));
    },
  },
  {
    world: 'published on another container port',
    step,
    finds: ['other-container-port'],
    async make(hands) {
      await hands.runOld(hands.published(hands.port, hands.port));
    },
  },
  {
    world: 'published with the two numbers swapped',
    newestOnly: true,
    step,
    finds: ['ports-swapped'],
    async make(hands) {
      await hands.runOld(hands.published(5432, hands.port));
    },
  },
  {
    world: 'the port asked for leads elsewhere in the same container, another one to the server',
    step,
    finds: ['other-host-port'],
    async make(hands) {
      const second = hands.published(hands.port + 1);
      await hands.ready(await hands.runOld([...hands.published(hands.port, 5433), ...second]));
    },
  },
  {
    world: 'published by UDP alone',
    newestOnly: true,
    step,
    finds: ['only-udp'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(hands.port, '5432/udp')));
    },
  },
  {
    world: 'published, on a network that leads nowhere',
    newestOnly: true,
    step,
    finds: ['network-without-ports'],
    async make(hands) {
      await hands.docker('network', 'create', '--internal', 'mutants-inner');
      await hands.ready(await hands.runOld(['--network', 'mutants-inner', ...hands.published()]));
    },
  },
  {
    world: 'published, without any network',
    newestOnly: true,
    step,
    finds: ['network-without-ports'],
    async make(hands) {
      await hands.ready(await hands.runOld(['--network', 'none', ...hands.published()]));
    },
  },
  {
    world: 'published, on the network of the host, where -p means nothing',
    newestOnly: true,
    step,
    finds: ['on-host-network'],
    async make(hands) {
      const flags = ['--network', 'host', ...hands.published()];
      await hands.ready(await hands.runOld(flags, ['-c', 'listen_addresses=127.0.0.7']));
    },
  },
  {
    world: 'published by IPv6 alone',
    step,
    finds: ['only-ipv6'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(`[::1]:${hands.port}`)));
    },
  },
  {
    world: 'published on one other address',
    newestOnly: true,
    step,
    finds: ['only-one-address'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(`127.0.0.2:${hands.port}`)));
    },
  },
  {
    world: 'published on one other address, and a relay of the learner’s leads there',
    newestOnly: true,
    step: 'three-connections',
    finds: ['only-one-address'],
    async make(hands) {
      const id = await hands.runOld(hands.published(`127.0.0.2:${hands.port}`));
      await hands.relays(hands.port, '127.0.0.2');
      await hands.ready(id);
    },
  },
];
