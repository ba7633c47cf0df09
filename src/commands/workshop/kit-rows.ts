import type { Verb } from '../verb.ts';

/** The verbs of a kit, a row each. */
export const KIT_VERBS: Verb = {
  name: 'kit',
  about: 'verb-workshop-kit',
  verbs: [
    {
      name: 'build',
      about: 'verb-workshop-kit-build',
      words: '[folder]',
      call: async (desk, [folder]) => (await import('./kit-verbs.ts')).kitBuild(desk, folder),
    },
    {
      name: 'verify',
      about: 'verb-workshop-kit-verify',
      words: '[folder]',
      call: async (desk, [folder]) => (await import('./kit-verbs.ts')).kitVerify(desk, folder),
    },
    {
      name: 'get',
      about: 'verb-workshop-kit-get',
      words: '[address] [folder]',
      options: { '--sha256 <hex>': 'option-sha256' },
      call: async (desk, words, { sha256 }) =>
        (await import('./kit-verbs.ts')).kitGet(desk, words, { sha256 }),
    },
  ],
};

export const DOCTOR: Verb = {
  name: 'doctor',
  about: 'verb-workshop-doctor',
  words: '[address...]',
  call: async (desk, words) => (await import('./workshop-doctor.ts')).workshopDoctor(desk, words),
};
