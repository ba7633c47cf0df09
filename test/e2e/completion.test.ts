/** Real shells: a prefix is typed, Tab is pressed, and the line or the list is what they show. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PGLAB } from '../../src/commands/verbs.ts';
import { CLI, openLab, outputOf } from './lab.ts';
import { openShell, type Session } from './pty.ts';

const TAB = '\t';
/** Bound by the tests: prints the line as it stands, in brackets. Ctrl-U clears it. */
const SHOW_LINE = '\x07';
const CLEAR_LINE = '\x15';
const BINDINGS = {
  bash: `bind -x '"\\C-g": echo "[$READLINE_LINE]"'`,
  zsh: `show() { print -r -- "[$BUFFER]" }; zle -N show; bindkey '^G' show`,
};

const lab = openLab({ LANG: 'C.UTF-8', PS1: 'ready> ', HISTFILE: '' });
const folder = mkdtempSync(join(tmpdir(), 'pglab-shell-'));

before(async () => {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`;
  writeFileSync(join(folder, 'pglab'), script, { mode: 0o755 });
  lab.env.PATH = `${folder}:${lab.env.PATH}`;
  // For zsh: its dot files lie here, and no other.
  lab.env.ZDOTDIR = folder;
  writeFileSync(join(folder, 'tarball.tar'), '');
  for (const run of ['monday', 'tuesday']) await lab.json('hint', 'image', '--run', run);
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(lab.home, { recursive: true, force: true });
});

/** What is typed before Tab, and the line after it. */
const TYPED: readonly [typed: string, line: string][] = [
  ['pglab ru', 'pglab run '],
  ['pglab run port', 'pglab run port-mapping '],
  ['pglab run image two', 'pglab run image two-versions '],
  ['pglab check --form', 'pglab check --format '],
  ['pglab check --format ju', 'pglab check --format junit '],
  ['pglab list --run mon', 'pglab list --run monday '],
  ['pglab list --lab post', 'pglab list --lab postgres-in-docker '],
  ['pglab lab ch', 'pglab lab check '],
  ['pglab engine st', 'pglab engine status '],
  ['pglab completion fi', 'pglab completion fish '],
  ['pglab run image im', 'pglab run image im'],
  ['pglab image load tarb', 'pglab image load tarball.tar '],
];

for (const shell of ['bash', 'zsh'] as const) {
  describe(shell, () => {
    let session: Session;
    before(async () => {
      const bare = { bash: ['--norc', '--noprofile', '-i'], zsh: ['-f', '-i'] }[shell];
      session = openShell(lab, shell, bare, folder);
      await session.sees(/ready> /);
      session.types(`${BINDINGS[shell]}; source <(pglab completion ${shell}); echo it-is" "there\r`);
      await session.sees(/it-is there/);
      await session.sees(/ready> /);
    });
    after(() => session.kill());

    for (const [typed, line] of TYPED) {
      test(typed, async () => {
        session.types(`${typed}${TAB}`);
        session.types(SHOW_LINE);
        await session.sees(new RegExp(`\\[${line.replace('.', '\\.')}\\]`));
        session.types(CLEAR_LINE);
      });
    }

    test('several that fit are listed', async () => {
      session.types(`pglab list --run ${TAB}${TAB}`);
      await session.sees(/monday\s+tuesday/);
      session.types(CLEAR_LINE);
    });
  });
}

describe('fish', () => {
  const candidates = async (typed: string) => {
    const script = 'cd $argv[2]; pglab completion fish | source; complete -C $argv[1]';
    const lines = await outputOf('fish', ['--no-config', '-c', script, typed, folder], {
      ...lab.env,
      HOME: folder,
    });
    return lines.split('\n').map((line) => line.split('\t'));
  };
  for (const [typed, line] of TYPED) {
    test(typed, async () => {
      const found = await candidates(typed);
      const lines = found.flatMap(([word]) => (word ? [`${typed.replace(/\S+$/, '')}${word} `] : []));
      assert.deepEqual(lines, line === typed ? [] : [line]);
    });
  }

  test('each verb has its words beside it', async () => {
    const found = new Map((await candidates('pglab ')).map(([word = '', about = '']) => [word, about]));
    assert.equal(found.get('doctor'), 'look at everything the lab needs');
    assert.deepEqual(
      [...found.keys()],
      PGLAB.verbs?.map(({ name }) => name),
    );
  });
});

test('the lab on the line says which steps there are; a shell that is unknown is refused', async () => {
  const tiny = join(import.meta.dirname, '../labs/tiny');
  const { stdout } = await lab.pglab('completion', 'words', '--', 'run', '--lab', tiny, '');
  assert.deepEqual(stdout.split('\n'), ['hello\tHello', 'sleeper\tA sleeper', '']);
  const none = await lab.pglab('completion', 'words', '--', 'run', '--lab', './nowhere', '');
  assert.deepEqual([none.code, none.stdout], [0, '']);
  const refused = await lab.json('completion', 'powershell');
  assert.deepEqual([refused.code, refused.trouble?.code], [64, 'usage']);
});
