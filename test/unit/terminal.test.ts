import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepText } from '../../src/lab/content.ts';
import type { Command } from '../../src/lab/model.ts';
import { drawOutput } from '../../src/terminal/output.ts';
import type { Screen } from '../../src/terminal/screen.ts';
import { clipped, padded, widthOf, wrap } from '../../src/wrap.ts';

test('no line is wider than the terminal, in any language', () => {
  const text =
    '容器有自己的网络，里面有它自己的 5432。只有左边的 6700 占本机的端口，而且只占一次。Every container has a network of its own.';
  for (const columns of [20, 33, 60]) {
    for (const line of wrap(text, columns)) assert.ok(widthOf(line) <= columns, line);
  }
});

test('Chinese breaks between characters, but no line begins with a closing mark', () => {
  const lines = wrap('一二三四五，六七八九十。一二三', 10);
  assert.deepEqual(lines, ['一二三四', '五，六七八', '九十。一二', '三']);
  for (const line of lines) assert.doesNotMatch(line, /^[，。]/);
  for (const columns of [4, 6, 8, 10, 12])
    for (const line of wrap('（等）着就绪……“就绪”（数据库）：好！吗？《一》；二、三', columns)) {
      assert.doesNotMatch(line, /^[，。、；：？！）》”…]/, `${columns}`);
      assert.doesNotMatch(line, /[（《“]$/, `${columns}`);
    }
});

test('English breaks at spaces, and escape codes take no columns', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('\u001b[1mone two\u001b[22m three', 7), ['\u001b[1mone two\u001b[22m', 'three']);
});

test('a word that is too long stays whole', () => {
  assert.deepEqual(wrap('a sha256:0123456789', 8), ['a', 'sha256:0123456789']);
});

test('nothing is lost by wrapping', () => {
  const text = '这里的 `postgres` 就是镜像：237 MB，制作于 2026-11-24。';
  assert.equal(wrap(text, 12).join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
});

test('columns line up though a character is two wide', () => {
  assert.equal(widthOf(padded('端口', 10)), 10);
  assert.equal(widthOf(clipped('端口映射端口映射', 7)), 7);
  assert.equal(clipped('short', 10), 'short');
});

test("no door, says a remark beside the run's own containers alone that publish nothing", () => {
  const [quiet, mapped, stranger] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [
    string,
    string,
    string,
  ];
  const lines: string[] = [];
  const screen = {
    columns: 80,
    line: (text: string) => lines.push(text),
    paint: (_: string, text: string) => text,
  };
  const command: Command = {
    article: null,
    run: 'docker ps',
    lookAt: { 'no-door': { unpublished: /5432\/tcp$/ } },
  };
  const text = { look: new Map([['no-door', 'no door']]) } as unknown as StepText;
  const drawing = {
    screen: screen as unknown as Screen,
    content: {} as never,
    unpublished: () => new Set([quiet]),
    volumeOf: () => null,
  };
  // The Docker CLI shows a port of Podman's like this, whether or not it is published.
  const output = [quiet, mapped, stranger].map((id) => `${id.slice(0, 12)}   5432/tcp`).join('\n');
  drawOutput(drawing, command, text, output);
  assert.deepEqual(
    lines.filter((line) => line.includes('no door')),
    [`${quiet.slice(0, 12)}   5432/tcp  ◀ no door`],
  );
});

test('the volume of a container of the run is pointed out in a list, by its whole name', () => {
  const [its, other] = ['d', 'e'].map((digit) => digit.repeat(64)) as [string, string];
  const lines: string[] = [];
  const screen = {
    columns: 120,
    line: (text: string) => lines.push(text),
    paint: (_: string, text: string) => text,
  } as unknown as Screen;
  const command: Command = {
    article: null,
    run: 'docker volume ls',
    lookAt: { its: { volumeOf: 'doomed' } },
  };
  const text = { look: new Map([['its', 'of that one']]) } as unknown as StepText;
  const drawn = (volume: string | null) => {
    lines.length = 0;
    const drawing = {
      screen,
      content: {} as never,
      unpublished: () => new Set<string>(),
      volumeOf: () => volume,
    };
    drawOutput(drawing, command, text, `local ${its}\nlocal ${other}`);
    return lines.filter((line) => line.includes('of that one'));
  };
  assert.deepEqual(drawn(its), [`local ${its}  ◀ of that one`]);
  assert.deepEqual(drawn(null), []);
});
