import { answers, defineStep, listenedOn, publishes, running } from '../../src/kit.ts';

export default defineStep({
  id: 'port-mapping',
  beside: ['quiet'],
  commands: [
    {
      article: 'docker run -d -p 6700:5432 postgres',
      run: 'docker run -d {{ours}} -p {{port}}:5432 {{image}}',
      creates: 'mapped',
    },
    {
      article: 'docker container ps',
      run: "docker container ps --format 'table {{.ID}}\\t{{.Image}}\\t{{.Status}}\\t{{.Ports}}'",
      lookAt: { door: /->5432\/tcp/, 'no-door': { unpublished: /(?<!->)\b5432\/tcp$/ } },
    },
    {
      article: 'lsof -i :6700',
      run: 'lsof -nP -iTCP:{{port}} -sTCP:LISTEN',
      exits: [0, 1],
      illustrates: true,
      needsTool: 'lsof',
      ready: 'mapped',
    },
  ],
  world: { mapped: { publishes: { 5432: '{{port}}' } } },
  draws: ['quiet', 'mapped'],
  checks: [running(['mapped']), publishes('mapped', 5432), listenedOn('mapped'), answers('mapped')],
});
