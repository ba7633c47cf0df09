import {
  defineStep,
  holdsRow,
  lacksTable,
  leavesNothing,
  mountsFormer,
  volumeLeftBehind,
} from '../../src/kit.ts';

export default defineStep({
  id: 'disposable',
  commands: [
    { article: null, run: 'docker run -d {{ours}} {{image}}', creates: 'doomed', ready: 'doomed' },
    {
      article: null,
      run: `docker exec {{doomed.short}} psql -X -U postgres -c "create table notes as select 'a day of work' as line"`,
      proves: ['row-written'],
    },
    {
      article: null,
      run: 'docker volume ls',
      illustrates: true,
      lookAt: { 'its-volume': { volumeOf: 'doomed' } },
    },
    { article: null, run: 'docker rm -f {{doomed.short}}', removes: 'doomed', proves: ['left-behind'] },
    { article: null, run: 'docker run -d {{ours}} {{image}}', creates: 'successor', ready: 'successor' },
    {
      article: null,
      run: "docker exec {{successor.short}} psql -X -U postgres -c 'select line from notes'",
      exits: [1],
      lookAt: { gone: /does not exist/ },
      proves: ['row-gone'],
    },
    {
      article: null,
      run: 'docker volume ls --filter dangling=true',
      illustrates: true,
      lookAt: { left: { volumeOf: 'doomed' } },
    },
    {
      article: null,
      run: 'docker run -d {{named}} --mount type=volume,src={{doomed.volume}},dst={{target}} {{image}}',
      creates: 'finder',
      ready: 'finder',
    },
    {
      article: null,
      run: "docker exec {{finder.short}} psql -X -U postgres -c 'select line from notes'",
      proves: ['mounted', 'row-found'],
    },
    {
      article: null,
      run: 'docker stop {{successor.short}} && docker wait {{successor.short}}',
      illustrates: true,
      lookAt: { stopped: /^0$/ },
    },
    {
      article: null,
      run: 'docker rm -f -v {{successor.short}}',
      removes: 'successor',
      proves: ['leaves-nothing'],
    },
  ],
  world: {
    doomed: { data: 'new' },
    successor: { data: 'new', after: 'doomed' },
    finder: { data: 'old', mounts: 'doomed', after: 'doomed' },
  },
  passing: true,
  draws: ['doomed', 'successor', 'finder'],
  checks: [
    holdsRow('doomed', 'notes', 'line', 'a day of work', 'row-written'),
    volumeLeftBehind('doomed'),
    lacksTable('successor', 'notes', 'row-gone'),
    mountsFormer('finder', 'doomed'),
    holdsRow('finder', 'notes', 'line', 'a day of work', 'row-found', { inherited: true }),
    leavesNothing('successor'),
  ],
});
