import { defineStep, obtained, present, promises } from '../../src/kit.ts';

export default defineStep({
  id: 'image',
  commands: [
    { article: null, run: 'docker image ls {{image}}', onWord: ['present'] },
    {
      article: null,
      run: 'docker image inspect {{image}}',
      lookAt: {
        port: /^\s*"5432\/tcp": \{\}/,
        folder: /^\s*"PGDATA=/,
        volume: /^\s*"\/var\/lib\/postgresql[^"]{0,100}": \{\}/,
      },
    },
  ],
  checks: [present(), obtained(), promises()],
});
