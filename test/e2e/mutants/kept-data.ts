/** Wrong worlds of data: what is in a volume, who wrote it there, and which container has it next. */
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';
import { removeAll } from './way.ts';

const step = 'volume-persistence';
/** What a learner writes, so that it is kept. */
export const ROW = "create table kept as select 'worth keeping' as line";

export const KEPT_DATA: readonly Row[] = [
  {
    world: 'the same container, stopped and started again: nothing has outlived it',
    step,
    finds: ['no-container'],
    async make(hands) {
      const id = await nextOn(hands, 'mutants-restarted', 'mutant-restarted');
      await hands.sql(id, ROW);
      await hands.restart(id);
    },
  },
  {
    world: 'the next one started while the first still runs: two servers on one volume',
    step,
    before: [
      {
        finds: ['no-container'],
        async make(hands) {
          const id = await nextOn(hands, 'mutants-both', 'mutant-one');
          await hands.sql(id, ROW);
        },
      },
    ],
    finds: ['volume-shared'],
    async make(hands) {
      await nextOn(hands, 'mutants-both', 'mutant-two');
    },
  },
  {
    world: 'the row was never written',
    step,
    finds: ['row-missing'],
    // Its volume was filled by a copy.
    untold: ['never-seen'],
    async make(hands) {
      await hands.ready(await hands.runOld());
    },
  },
  {
    world: 'the row was only written by the second one, and a checkpoint has been since',
    step,
    newestOnly: true,
    finds: ['row-not-inherited'],
    async make(hands) {
      const flags = ['-v', `mutants-written:${hands.target}`];
      const first = await hands.run(flags);
      await hands.ready(first);
      await hands.docker('rm', '-f', first);
      const second = await hands.run(flags);
      await hands.ready(second);
      await hands.sql(second, ROW);
      await hands.sql(second, 'checkpoint');
    },
  },
  {
    world: 'a volume that was filled by a copy; then its user got another password',
    newestOnly: true,
    step,
    finds: ['password-changed', 'row-missing'],
    untold: ['never-seen'],
    async make(hands) {
      await hands.copy(hands.template, 'mutants-copied');
      const id = await hands.run(['-v', `mutants-copied:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, "alter user postgres password 'changed'");
    },
  },
  {
    world: 'the row was written into another database',
    step,
    finds: ['row-in-another-database'],
    untold: ['never-seen'],
    async make(hands) {
      const id = await hands.run(['-v', `${hands.secondTemplate}:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, 'drop database if exists elsewhere');
      await hands.sql(id, 'create database elsewhere');
      await hands.sql(id, ROW, { database: 'elsewhere' });
    },
  },
  {
    world:
      'the first was stopped, not removed; then the next is on another volume; then on a new one; then ALTER USER',
    newestOnly: true,
    step,
    before: [
      {
        finds: ['no-container'],
        async make(hands) {
          const id = await nextOn(hands, 'mutants-same', 'mutant-first');
          await hands.sql(id, ROW);
        },
      },
      {
        finds: ['not-removed'],
        async make(hands) {
          await hands.docker('stop', 'mutant-first');
          await nextOn(hands, 'mutants-same');
        },
      },
      {
        finds: ['another-volume', 'row-missing'],
        async make(hands) {
          await removeAll(hands);
          await nextOn(hands, hands.template);
        },
      },
      {
        finds: ['password-taken', 'row-missing'],
        async make(hands) {
          await removeAll(hands);
          await hands.docker('volume', 'rm', 'mutants-same');
          await nextOn(hands, 'mutants-same');
        },
      },
    ],
    finds: ['password-changed', 'row-missing'],
    async make(hands) {
      await hands.sql('mutant-next', "alter user postgres password 'changed'");
    },
  },
];

/** A server that is ready, on a volume by this name. Returns its id. */
async function nextOn({ run, ready, target }: Hands, volume: string, name = 'mutant-next'): Promise<string> {
  const id = await run(['--name', name, '-v', `${volume}:${target}`]);
  await ready(id);
  return id;
}
