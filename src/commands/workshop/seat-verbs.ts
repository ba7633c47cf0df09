/** The verbs of who takes part in a workshop, a row each. */
import type { Verb } from '../verb.ts';

export const SEAT_VERBS: readonly Verb[] = [
  {
    name: 'join',
    about: 'verb-workshop-join',
    words: '[address] [code...]',
    options: {
      '--name <name>': 'option-workshop-name',
      '--seat <n>': 'option-workshop-seat',
      '--managed': 'option-managed',
      '--kit <folder>': 'option-kit',
    },
    call: async (desk, words, { name, seat, managed = false, kit }) =>
      (await import('./join.ts')).join(desk, words, {
        name,
        seat,
        managed,
        kit: kit === undefined ? kit : String(kit),
      }),
  },
  {
    name: 'hand',
    about: 'verb-workshop-hand',
    words: '[text...]',
    options: { '--down': 'option-hand-down' },
    call: async (desk, words, { down = false }) => (await import('./hand.ts')).hand(desk, words, { down }),
  },
  {
    name: 'sent',
    about: 'verb-workshop-sent',
    call: async (desk) => (await import('./sent.ts')).sent(desk),
  },
  {
    name: 'leave',
    about: 'verb-workshop-leave',
    options: { '--forget': 'option-leave-forget' },
    call: async (desk, _, { forget = false }) => (await import('./leave.ts')).leave(desk, { forget }),
  },
  {
    name: 'reset',
    about: 'verb-workshop-reset',
    words: '[seat...]',
    options: {
      '--adopted': 'option-adopted',
      '--next': 'option-next-group',
      '--proof <file>': 'option-proof',
    },
    call: async (desk, words, options) => (await import('./reset-either.ts')).reset(desk, words, options),
  },
];
