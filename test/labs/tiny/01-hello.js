import { defineStep } from 'pglab';

export default defineStep({
  id: 'hello',
  commands: [{ article: 'echo hello', run: 'echo hello', key: 'hello' }],
  checks: [
    {
      id: 'said',
      kind: 'running',
      says: ['ids'],
      finds: ['no-container'],
      async judge(look) {
        const said = look.ran('hello');
        const evidence = 'echo hello';
        if (!said)
          return { outcome: 'not-met', values: { name: 'hello' }, finding: 'no-container', evidence };
        return { outcome: 'met', values: { ids: said.output.trim() }, evidence };
      },
    },
  ],
});
