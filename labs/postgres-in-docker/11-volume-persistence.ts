import {
  dataInside,
  defineStep,
  holdsRow,
  mountedAtTarget,
  outlived,
  passwordIgnored,
} from '../../src/kit.ts';

export default defineStep({
  id: 'volume-persistence',
  commands: [
    { article: null, run: 'docker volume create {{owned}} pglab-{{owner}}-data', createsVolume: 'data' },
    {
      article: null,
      run: 'docker run -d {{named}} -v pglab-{{owner}}-data:{{target}} {{image}}',
      creates: 'first',
      ready: 'first',
    },
    {
      article: null,
      run: `docker exec {{first.short}} psql -X -U postgres -c "create table kept as select 'worth keeping' as line"`,
      proves: ['row-written'],
    },
    { article: null, run: 'docker rm -f -v {{first.short}}', removes: 'first' },
    {
      article: null,
      run: 'docker run -d {{named}} -v pglab-{{owner}}-data:{{target}} {{image}}',
      creates: 'keeper',
      ready: 'keeper',
    },
    { article: null, run: `docker exec {{keeper.short}} psql -X -U postgres -c 'select line from kept'` },
  ],
  world: {
    data: { kind: 'volume' },
    first: { mounts: 'data', data: 'new' },
    keeper: { mounts: 'data', data: 'old' },
  },
  draws: ['data', 'first', 'keeper'],
  checks: [
    holdsRow('first', 'kept', 'line', 'worth keeping', 'row-written', { heir: 'keeper' }),
    outlived('keeper', 'first'),
    mountedAtTarget('keeper', 'data', 'first'),
    dataInside('keeper', 'first'),
    holdsRow('keeper', 'kept', 'line', 'worth keeping', 'row-kept'),
    passwordIgnored('keeper'),
  ],
});
