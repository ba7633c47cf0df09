import {
  clientSeesTheEnd,
  defineStep,
  holdsRow,
  keepsAnswering,
  READY_FOR_ALL,
  recovered,
  wasKilled,
} from '../../src/kit.ts';

export default defineStep({
  id: 'failure-isolation',
  needs: ['mapped', 'other'],
  needsOther: true,
  changes: ['other'],
  commands: [
    {
      article: null,
      run: `docker exec {{other.short}} psql -X -U postgres -c "create table if not exists orders as select 'paid at noon' as state"`,
      readyFirst: 'other',
    },
    {
      article: null,
      run: 'docker kill --signal KILL {{other.short}} && docker wait {{other.short}}',
      lookAt: { killed: /^137$/ },
      readyFirst: 'mapped',
      during: ['not-one-lost', 'client-saw-it'],
      proves: ['killed'],
    },
    { article: null, run: 'docker start {{other.short}}', ready: 'other' },
    {
      article: null,
      run: 'docker logs --tail 12 {{other.short}}',
      illustrates: true,
      lookAt: {
        interrupted: /LOG: {2}database system was interrupted/,
        recovery: /LOG: {2}database system was not properly shut down; automatic recovery in progress/,
        redo: /LOG: {2}redo (done|is not required)/,
        ready: READY_FOR_ALL,
      },
    },
    { article: null, run: `docker exec {{other.short}} psql -X -U postgres -c 'select state from orders'` },
  ],
  checks: [
    keepsAnswering('mapped'),
    clientSeesTheEnd('other'),
    wasKilled('other'),
    recovered('other'),
    holdsRow('other', 'orders', 'state', 'paid at noon', 'row-survived', { survived: true }),
  ],
});
