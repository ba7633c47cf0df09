/** Ways on from findings of data: where it lies, what is in it, who has it next. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingKey } from '../../../src/content-keys.ts';
import { outputOf } from '../lab.ts';
import { anew, answering, containersOf, REMOVED, removeAll, runAgain, type Way } from './way.ts';

const onNamedVolume: Way = {
  async go(hands, told) {
    await removeAll(hands);
    const flags = told.words(/-v mydata:[^\s,.;]+/).map((word) => word.replace('mydata', 'mutants-way'));
    await hands.ready(await hands.run(flags));
  },
};

const withAnotherPassword = (words: RegExp, volume: string): Way => ({
  async go(hands, told) {
    told.cut(words);
    await removeAll(hands);
    const other = ['-e', 'POSTGRES_PASSWORD=another', '-v', `mutants-${volume}:${hands.target}`];
    await hands.ready(await hands.run(['--name', 'mutant-next', ...other]));
  },
});

export const OF_DATA = {
  'data-folder-not-empty': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/with -e PGDATA set to a folder below the one that is mounted/);
      const below = ['-v', `mutants-full:${hands.target}`, '-e', `PGDATA=${hands.target}/below/pg`];
      await hands.ready(await hands.run(below));
    },
  },
  'data-not-writable': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/without --user and --cap-drop, and with a named volume in place of the folder/);
      await hands.ready(await hands.run(['-v', `mutants-way:${hands.target}`]));
    },
  },
  'locale-missing': {
    async go(hands, told) {
      await told.paste(REMOVED);
      const icu = told.cut(/--locale-provider=icu --icu-locale=en/);
      await hands.ready(await hands.run(['-e', `POSTGRES_INITDB_ARGS=--no-sync ${icu}`]));
    },
  },
  'root-read-only': anew((told) => ['--read-only', ...told.words(/--tmpfs \S+ --tmpfs \S+/)]),
  'row-not-inherited': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/start another container on the same volume/);
      const other = ['-e', 'POSTGRES_PASSWORD=another', '-v', `mutants-written:${hands.target}`];
      await hands.ready(await hands.run(other));
    },
  },
  'data-not-new': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/then run one without naming a volume/);
      await hands.ready(await hands.run());
    },
  },
  'row-still-there': {
    async go(hands, told) {
      told.cut(/Start one without naming a volume/);
      await hands.docker('rm', '-f', 'mutant-successor');
      await hands.ready(await hands.run(['--name', 'mutant-successor']));
    },
  },
  'volume-not-mounted': {
    shares: true,
    async go(hands, told) {
      await told.paste(REMOVED);
      const found = ['--name', 'mutant-finder', ...told.words(/-v \w{64}:[^\s.]+/)];
      await hands.ready(await hands.run(found));
    },
  },
  'volume-left': {
    async go(_hands, told) {
      await told.paste(/docker volume rm \w{64}/);
    },
  },
  'not-removed': {
    async go(_hands, told) {
      await told.paste(REMOVED);
    },
  },
  'another-volume': {
    async go(hands, told) {
      await told.paste(REMOVED);
      await hands.ready(await hands.run(['--name', 'mutant-next', ...told.words(/-v [\w-]+:[^\s.]+/)]));
    },
  },
  'password-taken': withAnotherPassword(/Start it on a volume that has data, with another password/, 'same'),
  'password-changed': withAnotherPassword(
    /Start it on a volume that another container made, with another password/,
    'copied',
  ),
  ...{ 'volume-went-along': runAgain, 'never-seen': runAgain },
  ...{ 'queries-lost': runAgain, 'client-saw-nothing': runAgain, 'never-watched': runAgain },
  'no-recovery': {
    async go(hands, told) {
      await told.paste(/docker kill [0-9a-f]{12}/);
      const id = (await told.paste(/docker start [0-9a-f]{12}/)).trim();
      while ((await hands.sql(id, 'select 1').catch(() => '')) !== '1') await sleep(50);
    },
  },
  'volume-of-another-major': {
    async go(hands, told) {
      told.cut(/Run the old major on that volume, dump it with pg_dumpall, and restore it into a new volume/);
      await removeAll(hands);
      const old = ['-e', 'POSTGRES_PASSWORD=x', '-v', 'mutants-of-17:/var/lib/postgresql/data'];
      const from = await hands.docker('run', '-d', ...old, 'postgres:17');
      const to = await hands.run(['-v', `mutants-restored:${hands.target}`]);
      for (const id of [from, to]) await hands.ready(id);
      const line = `docker exec ${from} pg_dumpall -U postgres | docker exec -i ${to} psql -XqU postgres`;
      await outputOf('bash', ['-c', line], hands.lab.env);
      await hands.docker('rm', '-f', from);
    },
  },
  'row-written-since': {
    async go(hands, told) {
      await told.paste(/docker kill [0-9a-f]{12}/);
      await told.paste(/docker start [0-9a-f]{12}/);
      await answering(hands);
    },
  },
  'volume-shared': {
    async go(_hands, told) {
      await told.paste(/docker stop [0-9a-f]{12}/);
    },
  },
  'volume-name-short': {
    async go(hands, told) {
      await told.paste(/docker rm -f [0-9a-f]{12}; docker volume rm \w+/);
      await hands.ready(await hands.run(told.words(/-v \w{64}:[^\s.]+/)));
    },
  },
  'wrong-volume-target': onNamedVolume,
  'bind-mount': onNamedVolume,
  'anonymous-volume': onNamedVolume,
  'no-volume': onNamedVolume,
  'data-in-memory': onNamedVolume,
  'data-outside-volume': {
    async go(hands, told) {
      told.cut(/Run it without -e PGDATA/);
      await removeAll(hands);
      await hands.ready(await hands.run(['-v', `mutants-way:${hands.target}`]));
    },
  },
  'wal-outside-volume': {
    async go(hands, told) {
      told.cut(/Begin with a new volume, and without -e POSTGRES_INITDB_WALDIR/);
      await removeAll(hands);
      await hands.ready(await hands.run(['-v', `mutants-way:${hands.target}`]));
    },
  },
  'row-in-another-database': {
    async go(hands, told) {
      told.cut(/Write it into the right one/);
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, "create table kept as select 'worth keeping' as line");
    },
  },
  'row-missing': {
    ofRun: true,
    async go(hands, told) {
      const step = told.cut(/(?<=pglab show )[a-z-]+/);
      const { stdout } = await hands.lab.pglab('show', step, '--run', told.run);
      const [, psql = ''] = /docker exec \S+ (psql .*create table .*)$/m.exec(stdout) ?? [];
      const [id = ''] = await containersOf(hands);
      await outputOf('bash', ['-c', `docker exec ${id} ${psql}`], hands.lab.env);
    },
  },
} satisfies Partial<Record<FindingKey, Way>>;
