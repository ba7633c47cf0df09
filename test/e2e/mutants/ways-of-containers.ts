/** Ways on from findings of a container as such: whether it runs, and from what it was made. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingKey } from '../../../src/content-keys.ts';
import { outputOf } from '../lab.ts';
import { type Hands, PASSWORD } from './hands.ts';
import { anew, paste, REMOVED, removeAll, removedAndAnew, type Way } from './way.ts';

/** The line that `pglab show` prints for the step, after its export. */
const byShow = (step: string): Way => ({
  async go(hands, told) {
    told.cut(/pglab show [a-z-]+ prints it, pglab run [a-z-]+ runs it/);
    const { stdout } = await hands.lab.pglab('show', step);
    const line = /^here +(docker run .*)$/m.exec(stdout)?.[1];
    const password = /^export POSTGRES_PASSWORD=.*$/m.exec(stdout)?.[0];
    await hands.ready(await outputOf('bash', ['-c', `${password}\n${line}`], hands.lab.env));
  },
});

/** Run anew without -d, on a new volume, and ended by Ctrl-C. */
const inForegroundAgain = (words: RegExp): Way => ({
  async go(hands, told) {
    told.cut(words);
    await hands.inForeground('mutant-again');
    await hands.ready('mutant-again');
    await interrupted(hands, 'mutant-again');
  },
});

async function interrupted({ docker }: Hands, name: string): Promise<void> {
  await docker('kill', '--signal', 'INT', name);
  await docker('wait', name);
}

/** Removed with its volume, or without the one that has a name, and run anew on another. */
const onNewVolume: Way = {
  async go(hands, told) {
    await told.paste(REMOVED);
    await hands.ready(await hands.run());
  },
};

export const OF_CONTAINERS = {
  'no-container': byShow('detached-run'),
  'container-removed': byShow('detached-run'),
  'container-created': paste(/docker start [0-9a-f]{12}/),
  'container-paused': paste(/docker unpause [0-9a-f]{12}/),
  'container-restarting': anew(),
  'container-exited': anew(),
  'set-up-cut-off': onNewVolume,
  'data-damaged': onNewVolume,
  'container-stopped': paste(/docker start [0-9a-f]{12}/),
  'container-killed': paste(/docker start [0-9a-f]{12}/),
  'container-out-of-memory': removedAndAnew(),
  'container-disk-full': {
    async go(hands, told) {
      await told.paste(/docker system df/);
      told.cut(/then remove it and run it anew/);
      await removeAll(hands);
      await hands.ready(await hands.runOld());
    },
  },
  'shm-too-small': anew((told) => told.words(/--shm-size 256m/)),
  'another-architecture': anew(),
  'container-wants-password': anew(),
  'password-empty': anew(),
  'password-misspelt': anew(),
  'password-file-useless': {
    async go(hands, told) {
      await told.paste(REMOVED);
      await writeFile(join(hands.folder, 'secret'), `${PASSWORD}\n`);
      const flags = told.cut(/-v "\$PWD\/secret":\S+ -e POSTGRES_PASSWORD_FILE=[\w/]+/);
      const run = `cd ${hands.folder}; docker run -d ${flags} ${hands.image}`;
      await hands.ready(await outputOf('bash', ['-c', run], hands.lab.env));
    },
  },
  'init-script-failed': {
    async go(hands, told) {
      told.cut(/Mend that script/);
      await writeFile(join(hands.folder, 'shop.sql'), 'create table goods (name text);\n');
      await told.paste(REMOVED);
      await hands.ready(await hands.run(['-v', `${hands.folder}:/docker-entrypoint-initdb.d`]));
    },
  },
  'access-rules-broken': {
    async go(hands, told) {
      told.cut(/without POSTGRES_HOST_AUTH_METHOD/);
      await told.paste(REMOVED);
      await hands.ready(await hands.run());
    },
  },
  'options-behind-image': {
    async go(hands, told) {
      await told.paste(REMOVED);
      await hands.ready(await hands.runOld(told.words(/-p \d+:5432/)));
    },
  },
  'image-not-postgres': {
    async go(hands, told) {
      const words = told
        .words(/--run second --image \S+:\d+/)
        .map((word) => (word === 'second' ? 'mutant-way' : word));
      // The major of the text is one of many.
      return { words: words.map((word) => (/^postgres:/.test(word) ? hands.image : word)) };
    },
  },
  'not-detached': {
    async go(hands, told) {
      told.cut(/End it with Ctrl-C, and run it with -d/);
      await interrupted(hands, 'mutant-held');
      await hands.ready(await hands.runOld());
    },
  },
  'another-image': removedAndAnew(),
  'name-of-two-images': {
    async go(hands, told) {
      await told.paste(REMOVED);
      const name = told.cut(/(?<=from )[^\s,]+/);
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${hands.template}:${hands.target}`];
      await hands.ready(await hands.docker('run', '-d', ...flags, name));
    },
  },
  'another-major': removedAndAnew(),
  'port-published': removedAndAnew(),
  'on-host-network': removedAndAnew(),
  'network-of-another': anew(),
  'no-address': removedAndAnew(),
  'password-inside': removedAndAnew(),
  'not-the-major-it-says': removedAndAnew(),
  'attach-forgotten': removedAndAnew(),
  'no-answer-inside': anew(),
  'not-attached': inForegroundAgain(/Run it without -d/),
  'log-without-listen': inForegroundAgain(/if it has ended, run it again/),
  'ready-once': inForegroundAgain(/Run it again on a new volume/),
  'not-refused': {
    shares: true,
    async go(_hands, told) {
      // It ends with 1, as it should.
      await told.paste(/docker run [\w:]+/).catch(() => {});
    },
  },
  'still-running': {
    async go(hands, told) {
      const id = (await told.paste(/docker kill --signal INT [0-9a-f]{12}/)).trim();
      await hands.docker('wait', id);
    },
  },
  'ended-otherwise': {
    async go(hands, told) {
      const id = (await told.paste(/docker start [0-9a-f]{12}/)).trim();
      while ((await hands.sql(id, 'select 1').catch(() => '')) !== '1') await sleep(50);
      told.cut(/end it as the step asks: with Ctrl-C in its window/);
      await interrupted(hands, id);
    },
  },
  'port-not-exposed': {
    async go(hands, told) {
      told.cut(/Use an image of Postgres/);
      await removeAll(hands);
      await hands.ready(await hands.runOld());
      return { env: { PGLAB_IMAGE: hands.image }, words: ['--run', 'mutant-exposed'] };
    },
  },
  'another-engine': {
    async go(hands, told) {
      // In the text pglab goes by the name that it was called by.
      const line = told.cut(/(?<=engine env --host )[^)]+(?=\)")/);
      const { stdout } = await hands.lab.pglab('engine', 'env', '--host', line);
      const shown = await outputOf('bash', ['-c', `${stdout}\necho "$DOCKER_HOST"`], hands.lab.env);
      await hands.ready(await hands.runOld());
      return { env: { DOCKER_HOST: shown } };
    },
  },
} satisfies Partial<Record<FindingKey, Way>>;
