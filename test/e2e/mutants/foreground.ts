/** Wrong worlds of a run in the foreground: the bare one that is refused, and the one that ends with Ctrl-C. */
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';

const step = 'foreground-run';
const NAME = 'mutant-foreground';

export const FOREGROUND: readonly Row[] = [
  {
    world: 'in the foreground: it still runs',
    newestOnly: true,
    step,
    finds: ['still-running'],
    async make(hands) {
      await refused(hands);
      await hands.inForeground(NAME);
      await hands.ready(NAME);
    },
  },
  {
    world: 'in the foreground: it was killed',
    newestOnly: true,
    step,
    finds: ['ended-otherwise'],
    async make(hands) {
      await refused(hands);
      await hands.inForeground(NAME);
      await hands.ready(NAME);
      await hands.docker('kill', NAME);
      await hands.docker('wait', NAME);
    },
  },
  {
    world: 'in the foreground, as asked; but it ran in the background',
    newestOnly: true,
    step,
    finds: ['not-attached'],
    async make(hands) {
      await refused(hands);
      await hands.ready(await hands.run(['--name', NAME]));
      await hands.docker('stop', NAME);
    },
  },
  {
    world: 'in the foreground: a server that listens by socket alone',
    newestOnly: true,
    step,
    finds: ['log-without-listen'],
    async make(hands) {
      await refused(hands);
      await hands.inForeground(NAME, [], ['-c', 'listen_addresses=']);
      await hands.ready(NAME);
      await hands.docker('stop', NAME);
    },
  },
  {
    world: 'in the foreground: an old volume, and a bare run that is not refused since it has one, too',
    newestOnly: true,
    step,
    finds: ['not-refused', 'ready-once'],
    async make(hands) {
      const { docker, image, target, template, secondTemplate } = hands;
      await docker('run', '-d', '-v', `${secondTemplate}:${target}`, image);
      await hands.inForeground(NAME, ['-v', `${template}:${target}`]);
      await hands.ready(NAME);
      await docker('stop', NAME);
    },
  },
];

async function refused({ docker, image }: Hands): Promise<void> {
  await docker('wait', await docker('run', '-d', image));
}
