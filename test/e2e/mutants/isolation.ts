/** Wrong worlds of two servers, one of which goes down while both are watched. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI, type TestLab } from '../lab.ts';
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';

const step = 'failure-isolation';
const MAPPED = 'mutant-mapped';
const OTHER = 'mutant-other';
const ROW = "create table orders as select 'paid at noon' as state";

export const ISOLATION: readonly Row[] = [
  {
    world:
      'the other one was stopped and started; then both were killed, and the client’s query cancelled before',
    newestOnly: true,
    step,
    before: [
      {
        finds: ['no-recovery', 'still-running'],
        untold: ['never-watched'],
        async make(hands) {
          await runOther(hands, '--name', OTHER);
          await hands.ready(await hands.runOld(['--name', MAPPED, ...hands.published()]));
          await hands.ready(OTHER);
          await hands.sql(OTHER, ROW);
          await hands.docker('stop', OTHER);
          await startAgain(hands, OTHER);
        },
      },
    ],
    finds: ['client-saw-nothing', 'queries-lost'],
    make: async () => {},
    async judge(hands, lab, run) {
      const watch = hands.stays(process.execPath, [CLI, 'check', step, '--watch', '--run', run], lab.env);
      const waits =
        "select pid from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()";
      let pid = '';
      while (pid === '') {
        await sleep(50);
        pid = await hands.sql(OTHER, waits);
      }
      await hands.sql(OTHER, `select pg_cancel_backend(${pid})`);
      await hands.docker('kill', MAPPED);
      await hands.docker('kill', OTHER);
      while (watchedIn(lab, run) < 2) await sleep(50);
      watch.kill('SIGINT');
      await once(watch, 'exit');
      for (const name of [MAPPED, OTHER]) await startAgain(hands, name);
      return lab.json('check', step, '--run', run);
    },
  },
  {
    world: 'the other one was killed, and the row only written once it was up again',
    newestOnly: true,
    step,
    finds: ['row-written-since'],
    untold: ['never-watched'],
    async make(hands) {
      const other = await runOther(hands);
      await hands.ready(other);
      await hands.docker('kill', other);
      await startAgain(hands, other);
      await hands.sql(other, ROW);
    },
  },
];

/** The second major that the step asks for, beside the newest. Returns the id. */
function runOther(hands: Hands, ...named: string[]): Promise<string> {
  const flags = [...named, '-e', 'POSTGRES_PASSWORD=x', ...hands.published(hands.port + 1)];
  return hands.docker('run', '-d', ...flags, 'postgres:17');
}

/** Until it answers: what its log said before the last start does not count. */
async function startAgain({ docker, sql }: Hands, name: string): Promise<void> {
  await docker('start', name);
  while ((await sql(name, 'select 1').catch(() => '')) !== '1') await sleep(50);
}

/** How many watches a run's journal tells of. */
function watchedIn({ env }: TestLab, run: string): number {
  const journal = readFileSync(join(env.PGLAB_HOME as string, 'runs', run, 'journal.jsonl'), 'utf8');
  return journal.split('\n').filter((line) => line.includes('"type":"watched"')).length;
}
