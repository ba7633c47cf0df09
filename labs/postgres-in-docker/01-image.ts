import { defineStep, obtained, present, promises } from '../../src/kit.ts';

export default defineStep({
  id: 'image',
  commands: [
    { article: null, run: 'docker image ls {{image}}', onWord: ['present'] },
    {
      article: null,
      run: "docker image inspect --format '{{json .Config.Volumes}} {{json .Config.ExposedPorts}} {{json .Config.Cmd}}' {{image}}",
      lookAt: { contract: /5432\/tcp/ },
    },
  ],
  checks: [present(), obtained(), promises()],
});
