/** The verbs of who gives a workshop, a row each. */
import type { Verb } from '../verb.ts';
import type { Telling } from './tell-board.ts';

export const INSTRUCTOR_VERBS: readonly Verb[] = [
  {
    name: 'open',
    about: 'verb-workshop-open',
    words: '[name...]',
    options: {
      '--seats <n>': 'option-seats',
      '--listen <address>': 'option-listen',
      '--kit': 'option-hand-out-kit',
      '--store <url>': 'option-store',
      '--assistants': 'option-assistants',
    },
    call: async (desk, words, { seats, listen, store, kit = false, assistants = false }) =>
      (await import('./open-workshop.ts')).openWorkshop(desk, words, {
        ...{ seats, listen, store, assistants },
        kit: Boolean(kit),
      }),
  },
  {
    ...{ name: 'board', about: 'verb-workshop-board', words: '[address] [code...]' },
    options: { '--once': 'option-once' },
    call: async (desk, words, { once = false }) =>
      (await import('./show-board.ts')).showBoard(desk, words, { once }),
  },
  { name: 'say', about: 'verb-workshop-say', words: '[text...]', call: telling('say') },
  { name: 'pace', about: 'verb-workshop-pace', words: '[step]', call: telling('pace') },
  {
    ...{ name: 'take', about: 'verb-workshop-take', words: '[seat]', call: telling('take') },
    options: { '--by <name>': 'option-by' },
  },
  {
    ...{ name: 'done', about: 'verb-workshop-done', words: '[seat]', call: telling('done') },
    options: { '--by <name>': 'option-by' },
  },
  { name: 'rename', about: 'verb-workshop-rename', words: '[seat] [name...]', call: telling('rename') },
  { name: 'remove', about: 'verb-workshop-remove', words: '[seat...]', call: telling('remove') },
  { name: 'lock', about: 'verb-workshop-lock', call: telling('lock') },
  { name: 'unlock', about: 'verb-workshop-unlock', call: telling('unlock') },
  {
    name: 'close',
    about: 'verb-workshop-close',
    options: { '--wait <seconds>': 'option-wait' },
    call: async (desk, _, { wait }) => (await import('./close-workshop.ts')).closeWorkshop(desk, { wait }),
  },
  {
    name: 'export',
    about: 'verb-workshop-export',
    words: '[folder]',
    options: { '--names': 'option-names' },
    call: async (desk, words, { names = false }) =>
      (await import('./export-workshop.ts')).exportWorkshop(desk, words, { names }),
  },
  {
    ...{ name: 'import', about: 'verb-workshop-import', words: '[file]' },
    call: async (desk, words) => (await import('./import-workshop.ts')).importWorkshop(desk, words),
  },
  {
    name: 'forget',
    about: 'verb-workshop-forget',
    call: async (desk) => (await import('./forget-workshop.ts')).forgetWorkshop(desk),
  },
];

function telling(verb: Telling): NonNullable<Verb['call']> {
  return async (desk, words, { by }) => (await import('./tell-board.ts')).tell(desk, verb, words, by ?? null);
}
