/**
 * The verbs, a row each: the one table that the command line, its help and `completion` read. A verb's code
 * is loaded when it is called.
 */
import type { EngineVerb } from './engine.ts';
import type { ImageVerb } from './image.ts';
import type { LabVerb } from './lab.ts';
import { chosenOn } from './settings.ts';
import type { Verb } from './verb.ts';
import { WORKSHOP } from './workshop/workshop-verbs.ts';

export const PGLAB: Verb = {
  name: 'pglab',
  about: 'about',
  call: async (desk) => (await import('./where.ts')).where(desk),
  verbs: [
    {
      name: 'next',
      about: 'verb-next',
      options: {
        '--by-hand': 'option-by-hand',
        '--no-by-hand': 'option-no-by-hand',
        '--page': 'option-page',
        '--adopt <name>': 'option-adopt',
      },
      judges: true,
      call: async (desk, _, { adopt, page = false, byHand = chosenOn(process.env.PGLAB_BY_HAND) }) =>
        (await import('./next.ts')).next(desk, { adopt, byHand, page }),
    },
    {
      name: 'run',
      about: 'verb-run',
      words: '[step...]',
      options: {
        '--all': 'option-all',
        '--keep-going': 'option-keep-going',
        '--adopt <name>': 'option-adopt',
      },
      judges: true,
      call: async (desk, words, { adopt, all = false, keepGoing = false }) =>
        (await import('./run.ts')).run(desk, words, { adopt, all, keepGoing }),
    },
    {
      name: 'check',
      about: 'verb-check',
      words: '[step...]',
      options: { '--all': 'option-all', '--watch': 'option-watch', '--adopt <name>': 'option-adopt' },
      judges: true,
      call: async (desk, words, { adopt, all = false, watch = false }) =>
        (await import('./check.ts')).check(desk, words, { adopt, all, watch }),
    },
    {
      name: 'list',
      about: 'verb-list',
      options: { '--all-runs': 'option-all-runs' },
      judges: true,
      call: async (desk, _, { allRuns = false }) => (await import('./list.ts')).list(desk, { allRuns }),
    },
    {
      name: 'show',
      about: 'verb-show',
      words: '[step]',
      call: async (desk, [step]) => (await import('./show.ts')).show(desk, step),
    },
    {
      name: 'hint',
      about: 'verb-hint',
      words: '[step]',
      call: async (desk, [step]) => (await import('./hint.ts')).hint(desk, step),
    },
    {
      name: 'map',
      about: 'verb-map',
      options: { '--watch': 'option-map-watch', '--out <file>': 'option-out' },
      call: async (desk, _, { watch = false, out }) => (await import('./map.ts')).map(desk, { watch, out }),
    },
    {
      name: 'page',
      about: 'verb-page',
      options: { '--listen <address>': 'option-page-listen', '--adopt <name>': 'option-adopt' },
      call: async (desk, _, { listen, adopt }) =>
        (await import('./page.ts')).page(desk, { listen, adopt, draws: false }),
    },
    {
      name: 'reset',
      about: 'verb-reset',
      words: '[step...]',
      options: {
        '--dry-run': 'option-dry-run',
        '--all-runs': 'option-reset-all-runs',
        '--adopted': 'option-adopted',
        '--home <id>': 'option-home',
      },
      call: async (desk, words, { dryRun = false, allRuns = false, adopted = false, home = null }) =>
        (await import('./reset.ts')).reset(desk, words, { dryRun, allRuns, adopted, home }),
    },
    {
      name: 'skip',
      about: 'verb-skip',
      words: '[step] [reason...]',
      options: { '--undo': 'option-undo' },
      call: async (desk, words, { undo = false }) => (await import('./skip.ts')).skip(desk, words, { undo }),
    },
    {
      name: 'report',
      about: 'verb-report',
      options: {
        '--all-runs': 'option-report-all-runs',
        '--pass <n>': 'option-pass',
        '--out <file>': 'option-out',
      },
      call: async (desk, _, { allRuns = false, pass, out }) =>
        (await import('./report.ts')).report(desk, { allRuns, pass, out }),
    },
    {
      name: 'doctor',
      about: 'verb-doctor',
      options: { '--bundle <file>': 'option-bundle' },
      call: async (desk, _, { bundle }) => (await import('./doctor.ts')).doctor(desk, { bundle }),
    },
    {
      name: 'engine',
      about: 'verb-engine',
      call: engineVerb('status'),
      verbs: [
        { name: 'up', about: 'verb-engine-up', call: engineVerb('up') },
        { name: 'down', about: 'verb-engine-down', call: engineVerb('down') },
        { name: 'status', about: 'verb-engine-status', call: engineVerb('status') },
        { name: 'env', about: 'verb-engine-env', call: engineVerb('env') },
      ],
    },
    {
      name: 'image',
      about: 'verb-image',
      call: imageVerb('status'),
      verbs: [
        { name: 'status', about: 'verb-image-status', call: imageVerb('status') },
        { name: 'pull', about: 'verb-image-pull', call: imageVerb('pull') },
        { name: 'load', about: 'verb-image-load', words: '[file]', call: imageVerb('load') },
        { name: 'save', about: 'verb-image-save', words: '[file]', call: imageVerb('save') },
        {
          name: 'build',
          about: 'verb-image-build',
          options: { '--major <n>': 'option-major' },
          call: imageVerb('build'),
        },
        {
          name: 'rm',
          about: 'verb-image-rm',
          words: '[image...]',
          options: { '--dry-run': 'option-dry-run' },
          call: async (desk, words, { dryRun = false }) =>
            (await import('./image-rm.ts')).imageRm(desk, words, { dryRun }),
        },
      ],
    },
    {
      name: 'lab',
      about: 'verb-lab',
      call: labVerb('list'),
      verbs: [
        { name: 'list', about: 'verb-lab-list', call: labVerb('list') },
        { name: 'check', about: 'verb-lab-check', words: '[path]', call: labVerb('check') },
        { name: 'new', about: 'verb-lab-new', words: '[path]', call: labVerb('new') },
      ],
    },
    WORKSHOP,
    {
      name: 'uninstall',
      about: 'verb-uninstall',
      options: { '--dry-run': 'option-dry-run', '--adopted': 'option-uninstall-adopted' },
      call: async (desk, _, { dryRun = false, adopted = false }) =>
        (await import('./uninstall.ts')).uninstall(desk, { dryRun, adopted }),
    },
    {
      name: 'completion',
      about: 'verb-completion',
      words: '[shell...]',
      call: async (desk, words) => (await import('./completion.ts')).completion(desk, words, PGLAB),
    },
  ],
};

function engineVerb(name: EngineVerb): NonNullable<Verb['call']> {
  return async (desk) => (await import('./engine.ts')).engine(desk, name);
}

function imageVerb(name: ImageVerb): NonNullable<Verb['call']> {
  return async (desk, [file], { major }) => {
    const { image } = await import('./image.ts');
    return image(desk, name, {
      ...(file === undefined ? {} : { file }),
      ...(major === undefined ? {} : { major }),
    });
  };
}

function labVerb(name: LabVerb): NonNullable<Verb['call']> {
  return async (desk, [path]) => (await import('./lab.ts')).lab(desk, name, path);
}
