/** How Chinese is set: what is refused, with what is to be written in its place, and what is let pass. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { chineseProblems } from '../../src/labcheck/chinese.ts';
import { typesetProblems } from '../../src/labcheck/typeset.ts';

/** A line, what it breaks, and what part of it is told to be written. */
const BAD: readonly (readonly [line: string, rule: string, wanted: string])[] = [
  ['容器在运行, 端口开着。', 'mark', '运行，端口'],
  ['容器在运行;端口开着。', 'mark', '运行；端口'],
  ['退出码: {{exitCode}}', 'mark', '退出码：{{exitCode}}'],
  ['`docker ps`: 列出容器', 'mark', '`docker ps`：列出'],
  ['准备好了吗?', 'mark', '好了吗？'],
  ['已经停了.', 'mark', '停了。'],
  ['{{short}}(已停止)还在', 'mark', '{{short}}（已停止'],
  ['{{short}} ({{why}})。', 'mark', '{{short}}（{{why}}'],
  ['容器还在（已停止)。', 'mark', '停止）。'],
  ['停掉它。 再启动。', 'space', '停掉它。再启动。'],
  ['镜像 {{ref}} ，Postgres {{major}}', 'space', '{{ref}}，Postgres'],
  ['日志里有 （只有一次）记录', 'space', '日志里有（只有一次）'],
  ['说了 “ready”', 'space', '说了“ready”'],
  ['端口{{port}} 开着', 'gap', '端口 {{port}}'],
  ['端口 {{port}}开着', 'gap', '{{port}} 开着'],
  ['用`docker ps`看看', 'gap', '用 `docker ps`'],
  ['已完成{{met}}/{{of}} 项', 'gap', '已完成 {{met}}/'],
  ['从{{machine}}的5432 端口', 'gap', '的 5432'],
  ['h 提示  s 看命令', 'double', 'h 提示 s 看命令'],
  ['{{name}} 还在 运行', 'split', '还在运行'],
  ['从 {{machine}}的端口', 'split', '从{{machine}}'],
  ['从{{machine?本机|宿主机}} 的端口', 'split', '宿主机}}的端口'],
  ['在{{machine?本机,现在|宿主机}}的端口', 'mark', '本机，现在'],
  ['{{root?你是 root。 |你不是。}}', 'space', 'root。|'],
  ['他说「好」', 'quotes', '他说“好'],
  ['没有叫 "{{word}}" 的实验', 'quotes', '“{{word}}”'],
  ['正在等数据库…', 'dots', '数据库……'],
  ['正在等数据库...', 'dots', '数据库……'],
  ['一共 １2 步', 'wide', '一共 12 步'],
  ['第一个\u3000第二个', 'wide', '第一个 第二个'],
  ['seen: 端口 {{port}}, 没人', 'mark', '{{port}}，没人'],
  ['- `id` 说明:没有', 'mark', '说明：没有'],
  ['1. 先运行它,再看', 'mark', '先运行它，再看'],
];

const GOOD: readonly string[] = [
  '容器在运行，端口开着（5432）。',
  '从{{machine}}的 {{port}} 端口连不到{{machine}}。',
  '{{root?你是 root，都看得到。|你不是 root：只看得到自己的。}}所以再查一遍。',
  '在{{machine?本机|宿主机}}用 {{local?ssh|tcp}} 连。',
  '第 {{number}}/{{of}} 步 · {{title}}',
  'seen: {{host}}:{{port}} 没有任何响应（{{cause}}）。',
  'go: docker rm -f {{short}}，再用 -p {{host}}:{{inside}} 运行。',
  'why: -p 左:右 里，左边是{{machine}}的端口。',
  'go: 用 -v 名字:{{target}} 运行，不带 :ro；::1 也可以。',
  'go: 挂目录：-v "$PWD/目录":{{target}}',
  `go: 改规则：docker exec {{short}} sh -c 'sed -i "s/ password$/ {{better}}/" "$PGDATA/pg_hba.conf"'；`,
  'fix: 在 ~/.bashrc 里：source <(pglab completion bash)',
  'go: 让两边连同一个：eval "$(pglab engine env --host {{here}})"，或者去掉 --host。',
  '再 pg_reload_conf()；改用 ssh:// 或 TLS。',
  '比如 tcp://10.0.0.5:2375，证书在 /etc/docker/certs.d/主机:端口/ca.crt。',
  '卷 `{{left.volume}}…` 还在，{{volume}}… 也在。',
  '在 `## checks` 下加一行“- `{{id}}` …”：用几个字说明。',
  '用 `docker ps -a, --all`（参数）看看：`a:b` 和 `[ ]`。',
  '写成 `defineStep({ id: "x", … })`，见[文档](https://example.org/a,b)。',
  '```\n容器:没有,标点\n```\n代码块里随便写。',
  '::: folders here\n目录。\n::: there\n卷。\n:::',
  '正在等 {{name}} 就绪……',
  '## then and now',
  '- [ ] 会，第二个启动不了',
];

describe('a line of Chinese', () => {
  for (const [line, rule, wanted] of BAD)
    test(`is refused: ${JSON.stringify(line)}`, () => {
      const found = chineseProblems('a.zh.md', `好。\n${line}\n`);
      const meant = found.filter(({ key }) => key === `problem-chinese-${rule}`).map(({ values }) => values);
      const isTold = meant.some((values) => String(values.wanted).includes(wanted));
      assert.ok(isTold, JSON.stringify(found));
      assert.ok(meant.every((values) => values.line === 2));
    });

  for (const line of GOOD)
    test(`passes: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(chineseProblems('a.zh.md', line), []);
    });

  test('of any text is looked at, and of no other language', () => {
    assert.equal(typesetProblems('zh', 'a.zh.md', '好,好').length, 1);
    assert.deepEqual(typesetProblems('en', 'a.en.md', '好,好'), []);
  });
});

test('the shared texts are set as a lab’s must be', () => {
  const say = new Content('en', '');
  const shared = readdirSync('content').filter((file) => file.endsWith('.md'));
  assert.ok(shared.length > 0);
  const said = shared.flatMap((file) => {
    const language = LANGUAGES.find((each) => file.endsWith(`.${each}.md`)) ?? LANGUAGES[0];
    const found = typesetProblems(language, file, readFileSync(`content/${file}`, 'utf8'));
    return found.map(({ key, values }) => `${file}: ${say.say('messages', key, values)}`);
  });
  assert.deepEqual(said, []);
});
