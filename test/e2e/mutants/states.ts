/** Wrong worlds of a single container: what state it is in, what it was made from, which network it is on. */
import { secondEngine } from './elsewhere.ts';
import { PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

const step = 'detached-run';

export const STATES: readonly Row[] = [
  { world: 'no container', step, finds: ['no-container'], make: async () => {} },
  {
    world: 'created, never started',
    step,
    finds: ['container-created'],
    async make({ docker, image }) {
      await docker('create', '-e', `POSTGRES_PASSWORD=${PASSWORD}`, image);
    },
  },
  {
    world: 'exited: the bare run, refused',
    step,
    finds: ['container-wants-password'],
    async make({ docker, image }) {
      await docker('wait', await docker('run', '-d', image));
    },
  },
  {
    world: 'the bare run, looked at before it is refused',
    newestOnly: true,
    step,
    finds: ['container-wants-password'],
    async make({ docker, image }) {
      await docker('run', '-d', image);
    },
  },
  {
    world: 'exited: the password by a name that is misspelt',
    newestOnly: true,
    step,
    finds: ['password-misspelt'],
    async make({ docker, image }) {
      await docker('wait', await docker('run', '-d', '-e', 'POSTGRES_PASWORD=x', image));
    },
  },
  {
    world: 'created and never started, for a step that looks back at its start',
    step: 'foreground-run',
    finds: ['container-created'],
    async make({ docker, image }) {
      await docker('wait', await docker('run', '-d', image));
      await docker('create', '-e', `POSTGRES_PASSWORD=${PASSWORD}`, image);
    },
  },
  {
    world: 'exited with another code',
    step,
    finds: ['container-exited'],
    async make(hands) {
      await hands.docker('wait', await hands.runOld([], ['-c', 'no_such_setting=1']));
    },
  },
  {
    world: 'stopped',
    step,
    finds: ['container-stopped'],
    async make(hands) {
      const id = await hands.runOld();
      await hands.ready(id);
      await hands.docker('stop', id);
    },
  },
  {
    world: 'killed',
    step,
    finds: ['container-killed'],
    async make(hands) {
      await hands.docker('kill', await hands.runOld());
    },
  },
  {
    world: 'no room for the data',
    newestOnly: true,
    step,
    finds: ['container-disk-full'],
    async make(hands) {
      await hands.docker('wait', await hands.run(['--tmpfs', '/var/lib/postgresql:size=9m']));
    },
  },
  {
    world: 'out of memory',
    step,
    finds: ['container-out-of-memory'],
    async make(hands) {
      await hands.docker('wait', await hands.run(['--memory', '12m', '--memory-swap', '12m']));
    },
  },
  {
    world: 'paused',
    step,
    finds: ['container-paused'],
    async make(hands) {
      await hands.docker('pause', await hands.runOld());
    },
  },
  {
    world: 'another image of the same major',
    step,
    finds: ['another-image'],
    async make({ docker, image, template, target }) {
      const base = await docker('create', image);
      const other = await docker('commit', '--change', 'ENV MINE=1', base, 'mutants-other:1');
      await docker('rm', '-v', base);
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${template}:${target}`];
      await docker('run', '-d', ...flags, other);
    },
  },
  {
    world: 'another major than the run’s',
    step,
    finds: ['another-major'],
    async make({ docker, major }) {
      const other = major === 15 ? 17 : 15;
      await docker('run', '-d', '-e', `POSTGRES_PASSWORD=${PASSWORD}`, `postgres:${other}`);
    },
  },
  {
    world: 'not detached: it holds a window',
    step,
    finds: ['not-detached'],
    async make(hands) {
      await hands.inForeground('mutant-held', ['-v', `${hands.template}:${hands.target}`]);
    },
  },
  {
    world: 'whether it holds a window was forgotten: the engine keeps the last 256 events',
    newestOnly: true,
    step,
    finds: [],
    untold: ['attach-forgotten'],
    async make(hands) {
      const { docker, image, template, target } = hands;
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${template}:${target}`];
      await docker('start', await docker('create', ...flags, image));
      await hands.makesForget();
    },
  },
  {
    world: 'published, where it should not be',
    step,
    finds: ['port-published'],
    async make(hands) {
      await hands.runOld(hands.published());
    },
  },
  {
    world: 'on the network of the host, where 5432 is its own',
    newestOnly: true,
    step,
    finds: ['on-host-network'],
    async make(hands) {
      await hands.ready(await hands.runOld(['--network', 'host']));
    },
  },
  {
    world: 'on the network of another container, which is published',
    newestOnly: true,
    step,
    finds: ['network-of-another'],
    async make(hands) {
      const flags = ['--label', 'pglab.run=of-somebody-else', ...hands.published(), '--entrypoint', 'sleep'];
      const other = await hands.run(flags, ['600']);
      await hands.runOld(['--network', `container:${other}`]);
    },
  },
  {
    world: 'on this engine there is none: plain docker talks to another engine',
    newestOnly: true,
    step,
    // The second engine is the learner's; pglab is pointed at the one of the tests.
    env: async (hands) => ({
      PGLAB_HOST: hands.lab.env.DOCKER_HOST,
      DOCKER_HOST: await secondEngine(hands),
    }),
    finds: ['another-engine'],
    make: async () => {},
  },
  {
    world: 'removed after it was seen',
    newestOnly: true,
    step,
    before: [
      {
        finds: [],
        async make(hands) {
          await hands.runOld(['--name', 'mutant-seen']);
        },
      },
    ],
    finds: ['container-removed'],
    async make({ docker }) {
      await docker('rm', '-f', 'mutant-seen');
    },
  },
  {
    world: 'isolated: no address of its own',
    step: 'isolated-port',
    finds: ['no-address'],
    async make(hands) {
      await hands.runOld(['--network', 'none']);
    },
  },
];
