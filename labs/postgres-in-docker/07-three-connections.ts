import { connectedOverTcp, defineStep, majorsCompared, noSocket, refusedConnection } from '../../src/kit.ts';

export default defineStep({
  id: 'three-connections',
  needs: ['mapped'],
  commands: [
    {
      key: 'case-1',
      article: 'psql -U postgres -h 127.0.0.1 -p 5432',
      run: "psql -X -w -U postgres -h {{host}} -p {{closed}} -c 'select 1'",
      exits: [2],
      needsTool: 'psql',
      lookAt: { refused: /Connection refused/ },
      onWord: ['refused'],
    },
    {
      key: 'case-2',
      article: 'psql -U postgres  -p 6700',
      run: "psql -X -w -U postgres -p {{mapped.port}} -c 'select 1'",
      exits: [2],
      needsTool: 'psql',
      lookAt: { 'no-file': /No such file or directory/ },
      onWord: ['no-socket'],
    },
    {
      key: 'case-3',
      article: 'psql -U postgres -h 127.0.0.1 -p 6700',
      run: "psql -X -w -U postgres -h {{host}} -p {{mapped.port}} -c 'show server_version'",
      needsTool: 'psql',
      passwordOf: 'mapped',
      readyFirst: 'mapped',
      onVisit: ['connected'],
    },
  ],
  draws: ['mapped'],
  checks: [
    refusedConnection('closed', 'case-1', 'refused'),
    noSocket('mapped', 'case-2', 'no-socket'),
    connectedOverTcp('mapped', 'case-3', 'connected'),
    majorsCompared('mapped'),
  ],
});
