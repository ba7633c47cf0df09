import { defineWorlds } from 'pglab';

export default defineWorlds([
  {
    world: 'said in a shell of the learner’s own, where pglab does not hear it',
    step: 'hello',
    finds: 'not-heard',
    commands: ['echo hello'],
  },
]);
