/** The board in a terminal: what is drawn, with and without colours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { boardLines, type Tone } from '../../src/workshop/shown/board-lines.ts';
import { sentencesOf } from '../../src/workshop/shown/sentences.ts';
import { ShownBoard } from '../../src/workshop/shown/shown-board.ts';
import { widthOf } from '../../src/wrap.ts';
import { begun, ended, hand, opened, record, START, unmet } from './workshop-events.ts';

/** Five seats, one of each kind. */
function drawn(
  language: 'en' | 'zh',
  { paint = (_: Tone, text: string) => text, columns = 100, staleMs = null as number | null } = {},
): string[] {
  const { room, tell } = opened();
  for (const seat of [1, 2, 3]) tell(1, seat, begun('image'), ended('image'), begun('ports'));
  for (const seat of [1, 2])
    for (let time = 0; time < 3; time += 1) tell(2, seat, unmet('ports', 'container-killed'));
  tell(3, 3, hand(true, 'which \u001b[2Jside?'));
  tell(4, 4, begun('image'), { type: 'trouble', code: 'docker-missing' });
  room.absent(5, START);
  room.take(record(5, { type: 'taken', id: 1, seat: 1, by: 'Mo' }));
  room.take(record(6, { type: 'pace', id: 2, step: 'ports' }));
  const board = new ShownBoard();
  board.take(room.whole(START + 60_000));
  const content = new Content(language, '');
  const sentences = sentencesOf(content);
  return boardLines(board, {
    ...{ columns, paint, now: board.atMs, staleMs },
    say: (word, values) => content.say('messages', word, values),
    finding: (id) => sentences('findings', id),
    trouble: (code) => sentences('troubles', code),
    title: (id) => board.room.steps.find((step) => step.id === id)?.title[language] ?? id,
  });
}

const GOLDEN = `
Postgres                                                                                      09:01Z
group 1 · 4 of 5 here · all lines arrived

Needs you  5
? 03 seat-3            step 2 · “which ␛[2Jside?”                                               0:57
▲ 04 seat-4            step 1 · docker-missing                                                  0:56
◆ 01 seat-1            step 2 · its container was killed, exit code 137 · 3 times · taken …     0:58
◆ 02 seat-2            step 2 · its container was killed, exit code 137 · 3 times               0:58
○ 05 seat-5            away                                                                     1:00

The same thing, 2 seats. Of ports: its container was killed, exit code 137
  01 02

The room  pace: step 2
  1 Of image   ██████████████████████████████████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓                     3
› 2 Of ports   ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░                                    0
  3 Of volumes                                                                                   0
█ done   ▓ stuck on a finding   ░ working

Seats  5
01 seat-1            ● ◆ ·  its container was killed, exit code 137 · 3 times                   0:58
02 seat-2            ● ◆ ·  its container was killed, exit code 137 · 3 times                   0:58
03 seat-3            ● ◐ ·                                                                      0:59
04 seat-4            ▲ · ·  docker-missing                                                      0:56
05 seat-5            ○ · ·  away                                                                1:00
`;

test('the queue, what is the same, the room, the seats', () => {
  const lines = drawn('en');
  assert.equal(lines.map((line) => line.trimEnd()).join('\n'), GOLDEN.trim());
});

test('no row is wider than the window, in any language', () => {
  for (const language of ['en', 'zh'] as const)
    for (const columns of [100, 60, 40])
      assert.deepEqual(
        drawn(language, { columns, staleMs: 7_000 }).filter((line) => widthOf(line) > columns),
        [],
      );
});

test('how old it is, and since when each seat is where it is, are cut off in no window', () => {
  for (const columns of [60, 40]) {
    const lines = drawn('en', { columns, staleMs: 7_000 });
    assert.match(lines.slice(0, 6).join(' '), /7(\.0)? s/);
    const seats = lines.filter((line) => /^0\d /.test(line));
    assert.equal(seats.length, 5);
    for (const line of seats) assert.match(line, / \d:\d\d$/);
  }
});

test('colours are added, and nothing else: shapes tell the same without', () => {
  const painted = drawn('en', { paint: (tone, text) => `<${tone}>${text}</>` });
  assert.match(painted.join('\n'), /<orange>◆<\/>/);
  assert.equal(painted.join('\n').replace(/<\/?[a-z]*>/g, ''), drawn('en').join('\n'));
});

/** Five seats of five, of which three were taken 20 seconds ago by somebody who never came. */
test('a room that is full, and seats that nobody sits at, are told above all', () => {
  const { room, tell } = opened();
  room.most = 5;
  tell(1, 1, begun('image'));
  tell(1, 2, hand(true));
  for (const seat of [2, 3, 4, 5]) room.absent(seat, START);
  const board = new ShownBoard();
  const headAt = (seconds: number) => {
    board.take(room.whole(START + seconds * 1000));
    const say = (word: string) => word;
    const told = { say, finding: say, trouble: say, title: say, paint: (_: Tone, text: string) => text };
    return boardLines(board, { ...told, columns: 200, now: board.atMs, staleMs: null })[1];
  };
  assert.match(headAt(19) ?? '', /workshop-board-full$/);
  assert.match(headAt(20) ?? '', /workshop-board-full · workshop-board-empty$/);
  assert.deepEqual(board.empty(board.atMs), [3, 4, 5]);
  room.most = 6;
  assert.doesNotMatch(headAt(20) ?? '', /full/);
});
