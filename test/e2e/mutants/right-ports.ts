/** Right worlds of a published port that pglab would publish in another way: by whom, where, beside whom. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hands, PASSWORD } from './hands.ts';
import type { RightRow } from './row.ts';

export const RIGHT_PORTS: readonly RightRow[] = [
  {
    world: 'published, by compose',
    step: 'port-mapping',
    async make(hands) {
      const file = join(hands.folder, 'compose.yaml');
      await writeFile(file, composeFile(hands));
      await hands.compose('-f', file, 'up', '-d');
      await hands.ready(await hands.compose('-f', file, 'ps', '-q', 'db'));
    },
  },
  {
    world: 'published on 127.0.0.1 alone',
    step: 'port-mapping',
    note: 'only-this-machine',
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published(`127.0.0.1:${hands.port}`)));
    },
  },
  {
    world: 'published by IPv4, while somebody else listens on the same port of ::1',
    newestOnly: true,
    step: 'port-mapping',
    note: 'localhost-reaches-another',
    async make(hands) {
      await hands.listens(hands.port, '::1');
      await hands.ready(await hands.runOld(hands.published(`0.0.0.0:${hands.port}`)));
    },
  },
  {
    world: 'published by IPv4, while another container has the same port of ::1',
    newestOnly: true,
    step: 'port-mapping',
    note: 'localhost-reaches-another',
    async make(hands) {
      const flags = ['--label', 'pglab.run=of-somebody-else', ...hands.published(`[::1]:${hands.port}`)];
      await hands.docker('run', '-d', ...flags, hands.image, 'sleep', '600');
      await hands.ready(await hands.runOld(hands.published(`0.0.0.0:${hands.port}`)));
    },
  },
  {
    world: 'published on 127.0.0.1, while somebody listens at an address that localhost does not mean',
    newestOnly: true,
    step: 'port-mapping',
    note: 'only-this-machine',
    async make(hands) {
      await hands.listens(hands.port, '127.0.0.9');
      await hands.ready(await hands.runOld(hands.published(`127.0.0.1:${hands.port}`)));
    },
  },
  {
    world: 'published, on a network of the learner’s',
    step: 'three-connections',
    async make(hands) {
      await hands.docker('network', 'create', 'mutants-network');
      await hands.ready(await hands.runOld(['--network', 'mutants-network', ...hands.published()]));
    },
  },
  {
    world: 'another port, since the one of the article is somebody else’s',
    step: 'port-mapping',
    async make(hands) {
      await hands.listens(hands.port);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  {
    world: 'a second major on whatever port',
    step: 'two-versions',
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      const other = hands.major === 15 ? 17 : 15;
      const flags = ['-e', 'POSTGRES_PASSWORD=x', ...hands.published(hands.port + 60)];
      await hands.ready(await hands.docker('run', '-d', ...flags, `postgres:${other}`));
    },
  },
  {
    world: 'not published, while a Postgres of this machine listens on 5432',
    step: 'isolated-port',
    async make(hands) {
      await hands.runOld();
      await hands.listens(5432);
    },
  },
  {
    world: 'case 1, while a Postgres of this machine listens on 5432',
    step: 'three-connections',
    async make(hands) {
      await hands.listens(5432);
      await hands.ready(await hands.runOld(hands.published()));
    },
  },
];

function composeFile({ image, port, template, target }: Hands): string {
  return `version: '2.4'
services:
  db:
    image: ${image}
    environment: { POSTGRES_PASSWORD: "${PASSWORD}" }
    ports: ["${port}:5432"]
    volumes: ["data:${target}"]
volumes: { data: { external: { name: ${template} } } }
`;
}
