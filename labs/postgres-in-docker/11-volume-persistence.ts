import {
  dataInside,
  defineStep,
  holdsRow,
  mountedAtTarget,
  outlived,
  passwordIgnored,
} from '../../src/kit.ts';

/** Over TCP to the container's own address: in there the socket asks nobody for a password. */
const LOGIN = 'psql -X -w -U postgres -h $(hostname -i) -c "select 1"';

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
      anotherPassword: true,
      ready: 'keeper',
    },
    { article: null, run: `docker exec {{keeper.short}} psql -X -U postgres -c 'select line from kept'` },
    {
      article: null,
      run: `docker exec {{keeper.short}} bash -c 'PGPASSWORD=$POSTGRES_PASSWORD ${LOGIN}'`,
      illustrates: true,
      lookAt: { refused: /password authentication failed/ },
    },
    {
      article: null,
      run: `docker exec -e PGPASSWORD {{keeper.short}} bash -c '${LOGIN}'`,
      firstPasswordOf: 'keeper',
      illustrates: true,
      lookAt: { 'let-in': /^\s+1$/ },
    },
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
    holdsRow('keeper', 'kept', 'line', 'worth keeping', 'row-kept', { inherited: true }),
    passwordIgnored('keeper'),
  ],
});
