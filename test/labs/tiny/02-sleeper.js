import { defineStep, running } from 'pglab';

export default defineStep({
  id: 'sleeper',
  commands: [
    {
      article: 'docker run -d postgres sleep 900',
      run: 'docker run -d {{owned}} {{image}} sleep 900',
      creates: 'sleeper',
    },
  ],
  world: { sleeper: {} },
  checks: [running(['sleeper'])],
});
