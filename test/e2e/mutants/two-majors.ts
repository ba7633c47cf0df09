/** Wrong worlds where a second major is to run beside the first. */
import { PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'two-versions';

export const TWO_MAJORS: readonly Row[] = [
  {
    world: 'the port is held by the container beside which this one is to run',
    newestOnly: true,
    step,
    finds: ['port-held-by-needed'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, ...hands.published()];
      await hands.docker('run', '-d', ...flags, 'postgres:15').catch(() => {});
    },
  },
  {
    world: 'two containers of one image, where two majors are asked for',
    newestOnly: true,
    step,
    finds: ['same-major'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
      const flags = ['-v', `${hands.secondTemplate}:${hands.target}`, ...hands.published(hands.port + 1)];
      const second = await hands.run(flags);
      await hands.ready(second);
      await hands.sql(second, `alter user postgres password '${PASSWORD}'`);
    },
  },
  {
    world: 'one container, where two majors are asked for',
    newestOnly: true,
    step,
    finds: ['no-container'],
    async make(hands) {
      await hands.ready(await hands.runOld(hands.published()));
    },
  },
];
