import { defineStep, exposedOnly, ownAddress, unreachableFromHost } from '../../src/kit.ts';

export default defineStep({
  id: 'isolated-port',
  needs: ['quiet'],
  commands: [
    {
      article: 'sudo lsof -i :5432',
      run: 'lsof -nP -iTCP:5432 -sTCP:LISTEN',
      // lsof exits with 1 when it finds nothing, which is what the article wants to see.
      exits: [0, 1],
      illustrates: true,
      needsTool: 'lsof',
      onWord: ['unreachable'],
    },
    {
      article: null,
      run: 'pg_isready -t 2 -h {{host}} -p {{closed}}',
      illustrates: true,
      needsTool: 'pg_isready',
      lookAt: { 'no-answer': /no response/, another: /accepting connections/ },
    },
    {
      only: 'local',
      article: null,
      run: 'pg_isready -t 2 -h {{quiet.address}} -p 5432',
      illustrates: true,
      needsTool: 'pg_isready',
      readyFirst: 'quiet',
      lookAt: { answers: /accepting connections/, elsewhere: /no response/ },
    },
  ],
  checks: [
    exposedOnly('quiet', 5432, 'unpublished'),
    unreachableFromHost('quiet', 5432),
    ownAddress('quiet', 5432),
  ],
});
