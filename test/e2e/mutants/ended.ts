/** Wrong worlds of a container that has ended: each reason by its own name, and none by another's. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'detached-run';
const FOLDER = '/etc/postgresql';
const CONFIG = ['-c', `config_file=${FOLDER}/postgresql.conf`];

export const ENDED: readonly Row[] = [
  {
    world: 'ended: options behind the image',
    step,
    finds: ['options-behind-image'],
    async make({ docker, image, published }) {
      const behind = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, ...published()];
      await docker('wait', await docker('run', '-d', image, ...behind));
    },
  },
  {
    world: 'ended: an option behind the image, the password before it',
    newestOnly: true,
    step,
    finds: ['options-behind-image'],
    async make(hands) {
      await hands.docker('wait', await hands.run([], hands.published()));
    },
  },
  {
    world: 'ended: a password that is empty',
    newestOnly: true,
    step,
    finds: ['password-empty'],
    async make({ docker, image }) {
      await docker('wait', await docker('run', '-d', '-e', 'POSTGRES_PASSWORD=', image));
    },
  },
  {
    world: 'ended: the data folder is not empty, and no database',
    step,
    finds: ['data-folder-not-empty'],
    async make(hands) {
      const { docker, image, target } = hands;
      const volume = ['-v', `mutants-full:${target}`];
      await docker(
        'run',
        '--rm',
        ...volume,
        '--entrypoint',
        'sh',
        image,
        '-c',
        `mkdir -p "$PGDATA/lost+found"`,
      );
      await docker('wait', await hands.run(volume));
    },
  },
  {
    world: 'ended: the data folder is somebody else’s, and the server no root that could take it',
    step,
    finds: ['data-not-writable'],
    async make(hands) {
      await mkdir(join(hands.folder, 'data'));
      const mounted = ['-v', `${hands.folder}/data:${hands.target}`, '--user', '12345:12345'];
      await hands.docker('wait', await hands.run(mounted));
    },
  },
  {
    world: 'ended: a locale that the image has not',
    step,
    finds: ['locale-missing'],
    async make(hands) {
      await hands.docker('wait', await hands.run(['-e', 'POSTGRES_INITDB_ARGS=--locale=xx_YY.UTF-8']));
    },
  },
  {
    world: 'ended: of a file that was not there, Docker made a folder',
    step,
    finds: ['file-is-folder'],
    async make(hands) {
      const mounted = ['-v', `${hands.folder}/typo.conf:${FOLDER}/postgresql.conf`];
      await hands.docker('wait', await hands.runOld(mounted, CONFIG));
    },
  },
  {
    world: 'never started: a folder of this machine in the place of a file of the image',
    newestOnly: true,
    step,
    finds: ['file-is-folder'],
    async make(hands) {
      await hands.run(['-v', `${hands.folder}/typo:/etc/passwd`]).catch(() => {});
    },
  },
  {
    world: 'ended: the folder is mounted, and empty',
    step,
    finds: ['config-missing'],
    async make(hands) {
      await hands.docker('wait', await hands.runOld(['-v', `${hands.folder}:${FOLDER}`], CONFIG));
    },
  },
  {
    world: 'ended: a configuration that cannot be read as one; the same behind a restart policy',
    step,
    before: [
      {
        finds: ['config-broken'],
        async make(hands) {
          await writeFile(join(hands.folder, 'postgresql.conf'), "work_mem 8MB = yes\n'");
          const flags = ['--name', 'mutant-broken', '-v', `${hands.folder}:${FOLDER}`];
          await hands.docker('wait', await hands.runOld(flags, CONFIG));
        },
      },
    ],
    finds: ['config-broken'],
    async make(hands) {
      await hands.docker('update', '--restart', 'always', 'mutant-broken');
      await hands.docker('start', 'mutant-broken');
      await hands.circles('mutant-broken');
    },
  },
  {
    world: 'restarting again and again',
    step,
    finds: ['container-restarting'],
    async make(hands) {
      await hands.circles(await hands.runOld(['--restart', 'always'], ['-c', 'no_such_setting=1']));
    },
  },
  {
    world: 'restarting again and again, for want of a password',
    newestOnly: true,
    step,
    finds: ['container-wants-password'],
    async make({ docker, image, circles }) {
      await circles(await docker('run', '-d', '--restart', 'always', image));
    },
  },
  {
    world: 'ended: a root that is read-only',
    step,
    finds: ['root-read-only'],
    async make(hands) {
      await hands.docker('wait', await hands.runOld(['--read-only']));
    },
  },
  {
    world: 'ended: a program for another processor',
    newestOnly: true,
    step,
    finds: ['another-architecture'],
    async make(hands) {
      const program = join(hands.folder, 'server');
      // The head of a program of a kind of processor that no machine has.
      const head = Buffer.alloc(64);
      head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
      head.writeUInt16LE(2, 16);
      head.writeUInt16LE(0xfffe, 18);
      await writeFile(program, head);
      await chmod(program, 0o755);
      const flags = ['-v', `${hands.folder}:/other`, '--entrypoint', '/other/server'];
      await hands.run(flags).catch(() => {});
    },
  },
  {
    world: 'ended: no room in /dev/shm, though there is on every disk',
    step,
    finds: ['shm-too-small'],
    async make(hands) {
      await hands.docker('wait', await hands.runOld(['--shm-size', '16k']));
    },
  },
  {
    world: 'ended: the file that its password was to come from is not there',
    newestOnly: true,
    step,
    finds: ['password-file-useless'],
    async make({ docker, image }) {
      const file = ['-e', 'POSTGRES_PASSWORD_FILE=/run/secrets/typo'];
      await docker('wait', await docker('run', '-d', ...file, image));
    },
  },
  {
    world: 'ended: a script of its set-up has a mistake',
    newestOnly: true,
    step,
    finds: ['init-script-failed'],
    async make(hands) {
      await writeFile(join(hands.folder, 'shop.sql'), 'create tabel goods (name text);\n');
      await hands.docker('wait', await hands.run(['-v', `${hands.folder}:/docker-entrypoint-initdb.d`]));
    },
  },
  {
    world: 'ended: a way to ask for a password that there is not, by its environment',
    step,
    finds: ['access-rules-broken'],
    async make(hands) {
      await hands.docker('wait', await hands.run(['-e', 'POSTGRES_HOST_AUTH_METHOD=scram']));
    },
  },
  {
    world: 'ended: an encoding that there is not, which initdb refuses and leaves nothing half made',
    newestOnly: true,
    step,
    finds: ['container-exited'],
    async make({ docker, image }) {
      const flags = ['-e', 'POSTGRES_PASSWORD=x', '-e', 'POSTGRES_INITDB_ARGS=--encoding=UTF9'];
      await docker('wait', await docker('run', '-d', ...flags, image));
    },
  },
  {
    world: 'ended: killed in the middle of its set-up',
    newestOnly: true,
    step,
    finds: ['set-up-cut-off'],
    async make(hands) {
      await hands.docker('kill', await hands.inSetUp());
    },
  },
  {
    world: 'ended: killed, after an earlier start had failed for another reason',
    newestOnly: true,
    step,
    finds: ['container-killed'],
    async make(hands) {
      const flags = ['--name', 'mutant-mended', '-v', `${hands.folder}:${FOLDER}`];
      await hands.docker('wait', await hands.runOld(flags, CONFIG));
      await writeFile(join(hands.folder, 'postgresql.conf'), "listen_addresses = '*'\n");
      await hands.docker('start', 'mutant-mended');
      await hands.ready('mutant-mended');
      await hands.docker('kill', 'mutant-mended');
    },
  },
];
