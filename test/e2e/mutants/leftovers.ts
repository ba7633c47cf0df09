/** Wrong worlds of what stays behind when a container is removed. */
import type { Hands } from './hands.ts';
import type { Row, World } from './row.ts';

const step = 'disposable';

const NOTHING_YET: World = {
  finds: ['no-container'],
  untold: ['never-seen'],
  make: async () => {},
};

/** The container of the step with its row: what the worlds below begin with. */
const DOOMED: World = {
  finds: ['no-container', 'not-removed'],
  untold: ['never-seen'],
  make: (hands) => doomedWithRow(hands),
};

export const LEFTOVERS: readonly Row[] = [
  {
    world: 'removed, its volume left; then a successor that has the row, and a finder; both gone at once',
    newestOnly: true,
    step,
    before: [
      NOTHING_YET,
      DOOMED,
      {
        finds: ['not-removed', 'row-missing', 'row-still-there', 'volume-not-mounted'],
        make: (hands) => successorAndFinder(hands),
      },
    ],
    finds: ['container-removed', 'volume-left'],
    untold: ['gone-unseen'],
    async make({ docker }) {
      await docker('rm', '-f', 'mutant-successor', 'mutant-finder');
    },
  },
  {
    world: 'removed, its volume left; then a successor that has the row, and a finder of another volume',
    newestOnly: true,
    step,
    before: [DOOMED],
    finds: ['not-removed', 'row-missing', 'row-still-there', 'volume-not-mounted'],
    make: (hands) => successorAndFinder(hands),
  },
  {
    world: 'a volume by the beginning of its name, which is another volume',
    newestOnly: true,
    step,
    before: [DOOMED],
    finds: ['not-removed', 'row-missing', 'volume-name-short'],
    async make(hands) {
      const volume = await hands.docker('inspect', '--format', '{{(index .Mounts 0).Name}}', 'mutant-doomed');
      await hands.docker('rm', '-f', 'mutant-doomed');
      const successor = await hands.run(['--name', 'mutant-successor']);
      const finder = await hands.run([
        '--name',
        'mutant-finder',
        '-v',
        `${volume.slice(0, 12)}:${hands.target}`,
      ]);
      await hands.ready(successor);
      await hands.ready(finder);
    },
  },
  {
    world:
      'removed with its volume, where the volume should be found again; then a successor on data of before',
    newestOnly: true,
    step,
    before: [DOOMED],
    finds: ['data-not-new', 'no-container', 'volume-went-along'],
    untold: ['never-seen'],
    async make(hands) {
      await hands.docker('rm', '-fv', 'mutant-doomed');
      await hands.ready(await hands.runOld());
    },
  },
];

async function doomedWithRow(hands: Hands): Promise<void> {
  const id = await hands.run(['--name', 'mutant-doomed']);
  await hands.ready(id);
  await hands.sql(id, "create table notes as select 'a day of work' as line");
}

/** The one has the table all the same, the other is not on the volume that was left. */
async function successorAndFinder(hands: Hands): Promise<void> {
  await hands.docker('rm', '-f', 'mutant-doomed');
  const successor = await hands.run(['--name', 'mutant-successor']);
  await hands.runOld(['--name', 'mutant-finder']);
  await hands.ready(successor);
  await hands.sql(successor, 'create table notes (line text)');
  await hands.ready('mutant-finder');
}
