/** What may be wrong with a lab, each as a damage to a new one, and what `pglab lab check` says of it. */
import assert from 'node:assert/strict';
import type { ProblemKey } from '../../src/labcheck/problem.ts';

const EN = 'content/01-clock.en.md';
const ZH = 'content/01-clock.zh.md';
export const STEP = '01-clock.js';
const CHECK = 'in-time-zone.js';
const WORLDS = 'worlds.js';
const FINDINGS = ['content/findings.en.md', 'content/findings.zh.md'];

export interface Damage {
  name: string;
  /** One file, or several that are damaged alike. */
  file: string | readonly string[];
  /** Such a file's new text; null: it is removed. */
  to: (text: string) => string | null;
  /** All that is said of it, in order. */
  says: readonly ProblemKey[];
}

const without =
  (...parts: (string | RegExp)[]) =>
  (text: string) =>
    parts.reduce<string>((rest, part) => swapped(rest, part, ''), text);
const swap = (from: string | RegExp, to: string) => (text: string) => swapped(text, from, to);

/** A damage that changes nothing would prove nothing. */
export function swapped(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  assert.notEqual(changed, text, `${from} is there`);
  return changed;
}

/** A line of Chinese that is set wrongly, in a step's prose. */
const set = (name: string, line: string, ...says: ProblemKey[]): Damage => ({
  name,
  file: ZH,
  to: swap('文章写成以来没有变化。', line),
  says,
});

export const DAMAGES: readonly Damage[] = [
  set('a narrow mark', '以来没有变化, 将来也没有。', 'problem-chinese-mark'),
  set('a space behind a wide mark', '以来没有变化。 将来也没有。', 'problem-chinese-space'),
  set('no space beside a number', '写成5年以来没有变化。', 'problem-chinese-gap', 'problem-chinese-gap'),
  set('two spaces', '写成 5  次以来没有变化。', 'problem-chinese-double'),
  set('a space between characters', '写成以来 没有变化。', 'problem-chinese-split'),
  set('other quotes', '写成以来没有「变化」。', 'problem-chinese-quotes', 'problem-chinese-quotes'),
  set('an ellipsis of half its width', '写成以来没有变化…', 'problem-chinese-dots'),
  set('wide digits', '写成以来没有变化：１。', 'problem-chinese-wide'),
  {
    name: 'dots in a command',
    file: EN,
    to: swap(/^1\. .+$/m, '1. Run `docker wait …` and see.'),
    says: ['problem-command-open'],
  },
  {
    name: 'a wide mark in a command',
    file: ZH,
    to: swap(/^1\. .+$/m, '1. 运行 `docker ps；docker wait x` 看看。'),
    says: ['problem-command-open'],
  },
  {
    name: 'an id before there is a container',
    file: [EN, ZH],
    to: swap(/^## goal\n\n/m, '## goal\n\n`{{clock.short}}` '),
    says: ['problem-before-run', 'problem-before-run'],
  },
  {
    name: 'a sentence of its own that is set wrongly',
    file: 'content/checks.zh.md',
    to: swap('容器知道自己的时区', '容器知道自己的时区(TZ)'),
    says: ['problem-chinese-mark', 'problem-chinese-mark'],
  },
  { name: 'a translation is missing', file: ZH, to: () => null, says: ['problem-no-text'] },
  { name: 'no title', file: EN, to: without(/^# .+$/m), says: ['problem-no-title'] },
  { name: 'a section is missing', file: ZH, to: without('## goal'), says: ['problem-section-missing'] },
  {
    name: 'a section of no step',
    file: EN,
    to: (text) => `${text}\n## more\n`,
    says: ['problem-section-unknown'],
  },
  {
    name: 'sections in another order',
    file: EN,
    to: (text) =>
      swapped(swapped(swapped(text, '## added', '## x'), '## look', '## added'), '## x', '## look'),
    says: ['problem-section-order'],
  },
  { name: 'no right answer', file: EN, to: swap('[x]', '[ ]'), says: ['problem-prediction'] },
  {
    name: 'nothing says why',
    file: EN,
    to: without(/A container has its own.+/),
    says: ['problem-prediction-why'],
  },
  {
    name: 'another answer is right',
    file: ZH,
    to: (text) => swapped(swapped(text, '- [ ]', '- [y]'), '- [x]', '- [ ]').replace('[y]', '[x]'),
    says: ['problem-same-prediction'],
  },
  { name: 'an empty hint', file: ZH, to: swap(/^1\. .+$/m, '1. 想。'), says: ['problem-hint-empty'] },
  { name: 'two hints', file: EN, to: without(/^2\. .+\n/m), says: ['problem-hints'] },
  {
    name: 'a last hint without the command',
    file: EN,
    to: swap(/^3\. .+$/m, '3. Run it in a shell of yours.'),
    says: ['problem-hint-command'],
  },
  {
    name: 'a placeholder without a value',
    file: EN,
    to: swap('{{zone.zone}}', '{{zone.zone}} {{zone.nope}}'),
    says: ['problem-placeholder', 'problem-same-placeholders'],
  },
  {
    name: 'a value that one language leaves out',
    file: ZH,
    to: without('{{clock.short}}'),
    says: ['problem-same-placeholders'],
  },
  {
    name: 'other code in a block',
    file: ZH,
    to: swap('3. ', '3. 跑：\n\n   ```\n   date\n   ```\n\n   '),
    says: ['problem-same-code'],
  },
  {
    name: 'a check without a title',
    file: EN,
    to: without(/^- `zone` .+$/m),
    says: ['problem-check-untitled'],
  },
  {
    name: 'a title of no check',
    file: ZH,
    to: swap('- `zone`', '- `zones` 没有\n- `zone`'),
    says: ['problem-check-unknown'],
  },
  {
    name: 'a remark that nothing names',
    file: EN,
    to: swap('## look\n', '## look\n\n- `date` the date\n'),
    says: ['problem-remark-unknown'],
  },
  {
    name: 'a remark without a text',
    file: STEP,
    to: swap("short}} date'", "short}} date', lookAt: { date: /20/ }"),
    says: ['problem-remark-missing', 'problem-remark-missing'],
  },
  {
    name: 'an addition that is in no command',
    file: EN,
    to: swap('## added\n', '## added\n\n- `--rm` it goes by itself\n'),
    says: ['problem-added-unknown', 'problem-same-added'],
  },
  {
    name: 'two files for one step',
    file: '02-clock.js',
    to: () => "export { default } from './01-clock.js';\n",
    says: ['problem-step-twice'],
  },
  {
    name: 'a step that exports nothing',
    file: STEP,
    to: swap('export default', 'export const step ='),
    says: ['problem-no-default'],
  },
  {
    name: 'a step that cannot be parsed',
    file: '02-more.js',
    to: () => 'export default {',
    says: ['problem-unloadable'],
  },
  {
    name: 'a step without checks',
    file: '02-more.js',
    to: () => "export default { id: 'more', commands: [], checks: [] };",
    says: ['problem-step-lacks'],
  },
  {
    name: 'another id than the file’s',
    file: '02-more.js',
    to: () => "export { default } from './01-clock.js';\n",
    says: ['problem-step-id'],
  },
  {
    name: 'a check that is not whole',
    file: '02-more.js',
    to: () => "export default { id: 'more', commands: [], checks: [{ id: 'x', kind: 'running' }] };",
    says: ['problem-check-lacks'],
  },
  {
    name: 'a port that is none',
    file: 'lab.js',
    to: swap('ports: {}', 'ports: { port: 70000 }'),
    says: ['problem-port'],
  },
  {
    name: 'a check id twice',
    file: STEP,
    to: swap("running(['clock'])", "running(['clock'], 'zone')"),
    says: ['problem-check-twice'],
  },
  {
    name: 'a command with a placeholder that has no value',
    file: STEP,
    to: swap('{{clock.short}}', '{{watch.short}}'),
    says: ['problem-command-placeholder'],
  },
  {
    name: 'a command whose quotes are not closed',
    file: STEP,
    to: swap("short}} date'", "short}} date \\''"),
    says: ['problem-command-unsafe'],
  },
  {
    name: 'a world that nothing makes',
    file: STEP,
    to: swap('clock: {}', 'clock: {}, watch: {}'),
    says: ['problem-name-unknown'],
  },
  {
    name: 'a command that proves no check',
    file: STEP,
    to: swap("short}} date'", "short}} date', proves: ['time']"),
    says: ['problem-proves-unknown'],
  },
  {
    name: 'a need that nothing makes',
    file: STEP,
    to: swap('world:', "needs: ['watch'],\n  world:"),
    says: ['problem-name-unknown'],
  },
  {
    name: 'a check without sentences',
    file: CHECK,
    to: swap("kind: ownKey('in-time-zone')", "kind: ownKey('on-time')"),
    says: ['problem-no-sentences', 'problem-no-sentences', 'problem-kind-unused', 'problem-kind-unused'],
  },
  {
    name: 'a finding without a text',
    file: CHECK,
    to: swap('finds: [', "finds: [ownKey('too-late'), "),
    says: ['problem-finding-untold', 'problem-finding-untold', 'problem-no-world'],
  },
  {
    name: 'a finding that no check has',
    file: CHECK,
    to: swap(", ownKey('other-time-zone')]", ']'),
    says: ['problem-finding-unused', 'problem-finding-unused', 'problem-world-unknown'],
  },
  {
    name: 'a check that cannot fail',
    file: CHECK,
    to: swap(/finds: .+,/, 'finds: [],'),
    says: [
      'problem-finding-unused',
      'problem-finding-unused',
      'problem-finding-unused',
      'problem-finding-unused',
      'problem-finds-nothing',
      'problem-world-unknown',
      'problem-world-unknown',
    ],
  },
  {
    name: 'a finding that no wrong world proves',
    file: WORLDS,
    to: without(/ {2}\{\n {4}world: 'made for[\s\S]+?\n {2}\},\n/),
    says: ['problem-no-world'],
  },
  {
    name: 'a wrong world without commands',
    file: WORLDS,
    to: swap(/commands: .+Paris.+,/, 'commands: [],'),
    says: ['problem-world-empty'],
  },
  {
    name: 'a command without its line',
    file: STEP,
    to: without(/run: 'docker run.+/),
    says: ['problem-part'],
  },
  {
    name: 'a command that is a text',
    file: STEP,
    to: swap('commands: [', "commands: ['docker ps', "),
    says: ['problem-part'],
  },
  {
    name: 'a need that is no list',
    file: STEP,
    to: swap('world:', "needs: 'clock',\n  world:"),
    says: ['problem-part'],
  },
  {
    name: 'a name that no journal takes',
    file: STEP,
    to: swap("creates: 'clock'", "creates: 'my clock'"),
    says: ['problem-part'],
  },
  {
    name: 'a check that is nothing',
    file: STEP,
    to: swap('checks: [', 'checks: [null, '),
    says: ['problem-part'],
  },
  {
    name: 'a field that is misspelt',
    file: STEP,
    to: swap("creates: 'clock'", "creates: 'clock', exit: [0]"),
    says: ['problem-part-unknown'],
  },
  {
    name: 'a judge that cannot be called',
    file: CHECK,
    to: (text) =>
      swapped(swapped(text, 'judge: onRunning', 'judge: String(onRunning'), /\}\),\n {2}\}\)/, '})),\n  })'),
    says: ['problem-part'],
  },
  {
    name: 'an image that is no name of one',
    file: 'lab.js',
    to: swap("image: 'postgres'", "image: 'Post gres'"),
    says: ['problem-part'],
  },
  {
    name: 'a service by its name alone',
    file: 'lab.js',
    to: swap('ports: {}', "ports: {}, service: 'postgres'"),
    says: ['problem-part'],
  },
  {
    name: 'a wrong world that is nothing',
    file: WORLDS,
    to: swap('defineWorlds([', 'defineWorlds([null, '),
    says: ['problem-part'],
  },
  {
    name: 'a wrong world whose commands are one text',
    file: WORLDS,
    to: swap(/commands: \[(.+Paris.+)\]/, 'commands: $1'),
    says: ['problem-part'],
  },
  {
    name: 'a section with nothing in it',
    file: EN,
    to: without(/Have a container of.+\n/),
    says: ['problem-empty', 'problem-same-placeholders'],
  },
  {
    name: 'a translation that is a copy',
    file: ZH,
    to: swap('容器有自己的时区：告诉它，它就有；不告诉，就没有。', 'A container has a time zone of its own.'),
    says: ['problem-untranslated'],
  },
  {
    name: 'a finding that is a copy',
    file: 'content/findings.zh.md',
    to: swap(
      /seen: TZ[\s\S]+/,
      'seen: TZ is {{zone}}\nwhy: It was told another time zone.\ngo: Run it again with {{wanted}}.\n',
    ),
    says: ['problem-untranslated'],
  },
  {
    name: 'a placeholder with a capital',
    file: EN,
    to: swap('{{zone.zone}}', '{{zone.zone}} {{Zone}}'),
    says: ['problem-placeholder'],
  },
  {
    name: 'prose of a step that is not there',
    file: 'content/02-watch.en.md',
    to: () => '# A watch\n',
    says: ['problem-text-orphan'],
  },
  {
    name: 'a key of pglab’s own',
    file: 'content/checks.en.md',
    to: (text) => `${text}\n## running\n\nexpected: it runs\nseen: it does\n`,
    says: ['problem-own-shared', 'problem-own-language'],
  },
  {
    name: 'a finding without a way on',
    file: 'content/findings.zh.md',
    to: swap(/^go: (.+)$/m, '$1'),
    says: ['problem-own-fields'],
  },
  {
    name: 'a finding in one language',
    file: 'content/findings.zh.md',
    to: without(/## other[\s\S]+/),
    says: ['problem-own-language'],
  },
  {
    name: 'a sentence with another value',
    file: 'content/checks.zh.md',
    to: swap('{{zone}}', '{{zone}} {{short}}'),
    says: ['problem-own-placeholders', 'problem-kind-value'],
  },
  {
    name: 'a value of a finding, misspelt alike in every language',
    file: FINDINGS,
    to: swap('{{zone}}', '{{zonne}}'),
    says: ['problem-finding-value', 'problem-finding-value'],
  },
  {
    name: 'a value of another finding',
    file: FINDINGS,
    to: swap(/^go: /m, 'go: {{zone}} '),
    says: ['problem-finding-value', 'problem-finding-value'],
  },
  {
    name: 'a value of a check, misspelt alike in every language',
    file: ['content/checks.en.md', 'content/checks.zh.md'],
    to: swap('{{zone}}', '{{zonne}}'),
    says: ['problem-kind-value', 'problem-kind-value'],
  },
  {
    name: 'values that a check does not tell with its findings',
    file: CHECK,
    to: without(/ {4}tells: .+\n/),
    says: [
      'problem-finding-value',
      'problem-finding-value',
      'problem-finding-value',
      'problem-finding-value',
    ],
  },
  {
    name: 'a file of checks that cannot be read takes its step with it, and no more is said',
    file: CHECK,
    to: () => 'export const inTimeZone = (',
    says: ['problem-unloadable'],
  },
  {
    name: 'a step that needs one that cannot be used is not blamed for it',
    file: ['02-more.js', STEP],
    to: (text) =>
      text === ''
        ? `import { defineStep, running } from 'pglab';
export default defineStep({ id: 'more', needs: ['clock'], checks: [running(['clock'])],
  commands: [{ article: null, run: 'docker exec {{clock.short}} date' }] });`
        : `${text}(`,
    says: ['problem-unloadable', 'problem-no-text', 'problem-no-text'],
  },
  {
    name: 'a port that a lab.js would name, and it cannot be read',
    file: ['lab.js', STEP],
    to: (text) =>
      text.includes('ports: {}')
        ? swapped(text, 'ports: {},', 'ports: {')
        : swapped(text, '-e TZ=Asia/Shanghai {{image}}', '-p {{door}}:80 -e TZ=Asia/Shanghai {{image}}'),
    says: ['problem-unloadable'],
  },
  {
    name: 'wrong worlds that cannot be read',
    file: WORLDS,
    to: (text) => text.replace('defineWorlds([', 'defineWorlds(['.slice(0, -1)),
    says: ['problem-unloadable'],
  },
];
