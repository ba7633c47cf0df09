import { defineCheck, defineStep, met, notMet, ownKey } from 'pglab';

const said = defineCheck({
  id: 'said',
  kind: ownKey('said'),
  says: ['words'],
  finds: [ownKey('not-heard')],
  async judge(look) {
    const heard = look.ran('hello');
    if (heard === null) return notMet(ownKey('not-heard'), {}, 'echo hello');
    return met({ words: heard.output.trim() }, 'echo hello');
  },
});

export default defineStep({
  id: 'hello',
  commands: [{ article: 'echo hello', run: 'echo hello', key: 'hello' }],
  checks: [said],
});
