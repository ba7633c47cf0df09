import { answers, defineStep, differentMajors, running } from '../../src/kit.ts';

export default defineStep({
  id: 'two-versions',
  needs: ['mapped'],
  needsOther: true,
  commands: [
    {
      article: null,
      run: 'docker run -d {{ours}} -p {{other.port}}:5432 {{other}}',
      creates: 'other',
      ready: 'other',
    },
    {
      article: null,
      run: "psql -X -w 'postgresql://postgres@{{host}}:{{mapped.port}}/postgres' -Atc 'select version()'",
      needsTool: 'psql',
      passwordOf: 'mapped',
      readyFirst: 'mapped',
    },
    {
      article: null,
      run: "psql -X -w 'postgresql://postgres@{{host}}:{{other.port}}/postgres' -Atc 'select version()'",
      needsTool: 'psql',
      passwordOf: 'other',
    },
  ],
  world: { other: { publishes: { 5432: '{{other.port}}' }, image: 'other' } },
  draws: ['mapped', 'other'],
  checks: [
    running(['mapped', 'other'], 'both-run'),
    answers('mapped', 'one-answers'),
    answers('other', 'other-answers'),
    differentMajors('mapped', 'other'),
  ],
});
