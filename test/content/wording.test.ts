/** The words of pglab's own prose: which are not used, what is set in one way alone, and what is code in every language. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseEntries } from '../../src/lab/entries.ts';
import { fencedParts } from '../../src/lab/fences.ts';

interface Rule {
  wrong: RegExp;
  /** What is to be written, or why it is wrong. */
  write: string;
  /** Files in which it may stand. */
  except?: RegExp;
}

const CHINESE: readonly Rule[] = [
  { wrong: /(?<!内置|容器|内置的 Docker )引擎/, write: 'Docker；pglab 自己的叫“内置引擎”' },
  { wrong: /(?<!启动不了)服务(?![端器])/, write: '服务端，或者数据库' },
  { wrong: /(?<![专部入热])门/, write: '端口、地址、规则、连接方式', except: /06-port-mapping/ },
  { wrong: /通[到向]/, write: '映射到，或者指向' },
  { wrong: /重新载入/, write: '重新加载' },
  { wrong: /达成|项中/, write: '已完成 0/5 项' },
  { wrong: /\}\} 样/, write: '项' },
  { wrong: /(像|的|了)\1(?!解)/, write: '只写一次' },
  { wrong: /文件夹/, write: '目录' },
  { wrong: /按 Enter/, write: '按回车' },
  { wrong: /(?<![\w-]|--home )ID(?!\w)/, write: 'id' },
];

const ENGLISH: readonly Rule[] = [
  { wrong: /\w’\w|s’ /, write: "a straight apostrophe: '" },
  { wrong: /(?<!say )"[^"]*"/, write: 'curly quotes: “ ”' },
  { wrong: /\S {2,}\S/, write: 'one space', except: /messages/ },
  { wrong: / [,;:!?](?= |$)/, write: 'no space before a mark' },
  {
    // Of these there are always several where the sentence is said.
    wrong: /\{\{(?:count|lines|more|stored|hints|finished)\}\} (?!times|seats|containers|things)[a-z]+s\b/,
    write: 'a word that fits one as well as many: lines: 1',
  },
];

/** Lines of prose with their numbers: no code, no headings. */
function proseOf(file: string): { line: number; text: string }[] {
  let line = 0;
  return fencedParts(readFileSync(file, 'utf8')).flatMap(({ isCode, text }) =>
    text.split('\n').flatMap((each) => {
      line += 1;
      const prose = each
        .replace(/`[^`]*`/g, '`')
        .replace(/^(?:seen|board|why|go|fix|message|expected): /, '');
      return isCode || /^## |^ *:::/.test(each) ? [] : [{ line, text: prose.trim() }];
    }),
  );
}

/** What breaks a rule, as sentences. */
function broken(rules: readonly Rule[], file: string, lines: readonly { line: number; text: string }[]) {
  return rules
    .filter(({ except }) => !except?.test(file))
    .flatMap(({ wrong, write }) =>
      lines.flatMap(({ line, text }) => {
        const found = wrong.exec(text)?.[0];
        return found === undefined ? [] : [`${file}, line ${line}: ${JSON.stringify(found)}: write ${write}`];
      }),
    );
}

const filesIn = (language: string) =>
  readdirSync('content', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(`.${language}.md`))
    .map((file) => `content/${file}`);

const BAD: readonly [rules: readonly Rule[], line: string][] = [
  [CHINESE, '正在从引擎导出。'],
  [CHINESE, '没有服务，就没有日志。'],
  [CHINESE, '谁在敲门？'],
  [CHINESE, '端口通到 5432。'],
  [CHINESE, '现在重新载入。'],
  [CHINESE, '5 项中 0 项达成'],
  [CHINESE, '还剩 {{left}} 样。'],
  [CHINESE, '镜像像像一个源码库。'],
  [CHINESE, '换一个文件夹。'],
  [CHINESE, '输入之后按 Enter。'],
  [CHINESE, '容器的 ID 在这里。'],
  [ENGLISH, 'the seat gets an animal’s'],
  [ENGLISH, 'There is no step "{{word}}".'],
  [ENGLISH, 'It runs.  It waits.'],
  [ENGLISH, 'It runs , and waits.'],
  [ENGLISH, 'The board has all but {{count}} lines.'],
];

describe('the words of the prose', () => {
  for (const [rules, text] of BAD)
    test(`refused: ${text}`, () => assert.equal(broken(rules, 'a.md', [{ line: 1, text }]).length, 1));

  for (const [language, rules] of [
    ['zh', CHINESE],
    ['en', ENGLISH],
  ] as const)
    test(`all of ${language} keeps to them`, () => {
      const files = [...filesIn(language), ...(language === 'zh' ? ['README.zh.md'] : [])];
      assert.ok(files.length > 15, 'the files are found');
      assert.deepEqual(
        files.flatMap((file) => broken(rules, file, proseOf(file))),
        [],
      );
    });
});

test('what is code in one language is the same code in the other', () => {
  const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code).sort();
  for (const file of ['messages', 'troubles', 'findings', 'notes', 'checks']) {
    const read = (language: string) => parseEntries(readFileSync(`content/${file}.${language}.md`, 'utf8'));
    const chinese = read('zh');
    for (const [key, fields] of read('en'))
      for (const [field, text] of Object.entries(fields))
        assert.deepEqual(codeIn(chinese.get(key)?.[field] ?? ''), codeIn(text), `${file}: ${key}, ${field}`);
  }
});
