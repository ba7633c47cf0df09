import { defineStep, detached, exposedOnly, fromImage, running } from '../../src/kit.ts';

export default defineStep({
  id: 'detached-run',
  commands: [
    { article: 'docker run -d postgres', run: 'docker run -d {{ours}} {{image}}', creates: 'quiet' },
    {
      article: 'docker container ps',
      run: "docker container ps --format 'table {{.ID}}\\t{{.Image}}\\t{{.Status}}\\t{{.Ports}}'",
      lookAt: { 'no-door': { unpublished: /(?<!->)\b5432\/tcp/ } },
    },
  ],
  world: { quiet: { publishes: {} } },
  checks: [running(['quiet']), detached('quiet'), fromImage('quiet'), exposedOnly('quiet', 5432)],
});
