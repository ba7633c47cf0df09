/**
 * What others say, on a real terminal: an emulator draws whole screens of runs whose values and output are hostile,
 * narrow and wide. No line of it changes another, in text or in colour, and nothing in it is obeyed.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import type { JournalLine } from '../../src/journal/events.ts';
import { readGolden } from '../golden/capture.ts';
import { openStage, replayed, type Stage } from '../replay.ts';

/** What a terminal draws: each row with its characters, and for each cell its colours and how it is written. */
interface Drawn {
  text: string;
  paint: string;
}

const NARROW = 40;
const WIDE = 100;

/** Rows that a screen may have, all in all. */
const SCROLLBACK = 20_000;

class Emulator {
  readonly #terminal: xterm.Terminal;
  /** Asked for by an escape code: the title of the window, a bell. */
  readonly obeyed: string[] = [];

  constructor(columns: number) {
    const options = {
      cols: columns,
      rows: 50,
      scrollback: SCROLLBACK,
      convertEol: true,
      allowProposedApi: true,
    };
    this.#terminal = new xterm.Terminal(options);
    this.#terminal.onTitleChange((title) => this.obeyed.push(`title ${title}`));
    this.#terminal.onBell(() => this.obeyed.push('bell'));
    // Answers to what was asked of it: they would be typed into the learner's shell.
    this.#terminal.onData((data) => this.obeyed.push(`answer ${data}`));
  }

  /** On an empty screen. */
  async draws(text: string): Promise<Drawn[]> {
    this.#terminal.reset();
    await new Promise<void>((resolve) => this.#terminal.write(text, resolve));
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: active.baseY + active.cursorY + 1 }, (_, at) =>
      drawn(active.getLine(at)),
    );
    return rows.slice(0, rows.findLastIndex((row) => row.text !== '') + 1);
  }
}

function drawn(line: xterm.IBufferLine | undefined): Drawn {
  const text = line?.translateToString(true) ?? '';
  const cells = Array.from({ length: line?.length ?? 0 }, (_, at) => line?.getCell(at));
  const written = cells.flatMap((cell) => (cell && cell.getChars().trim() !== '' ? [cell] : []));
  const paint = written.map((cell) =>
    [
      cell.getFgColor(),
      cell.getBgColor(),
      cell.isBold(),
      cell.isDim(),
      cell.isInverse(),
      cell.isInvisible(),
    ].join(),
  );
  return { text, paint: paint.join(' ') };
}

/** What terminals obey, hide, turn round or put elsewhere. */
const CODES = [
  ...[
    '\u001b[2J',
    '\u001b[1A',
    '\u001b[2K',
    '\u001b[H',
    '\u001b[31m',
    '\u001b[0m',
    '\u001b[8m',
    '\u001b[?1049h',
  ],
  ...[
    '\u001bc',
    '\u001b7',
    '\u001b8',
    '\u001bM',
    '\u001b]0;title\u0007',
    '\u001b]8;;http://x\u001b\\',
    '\u001bP1$r\u001b\\',
  ],
  ...[
    '\u001b[6n',
    '\u001b[c',
    '\u009b2J',
    '\u009b31m',
    '\u0090q\u009c',
    '\u009d0;t\u009c',
    '\u001b',
    '\u001b[',
  ],
  ...['\r', '\b\b\b\b', '\u000b', '\u000c', '\u0085', '\u2028', '\u0007', '\u000e', '\u007f'],
  ...[
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\ufe0f',
    'e\u0301\u0301',
    '\u{e0041}',
    '\ud800',
    '\udc00',
    '\ue000',
  ],
  ...['✓ all is well', '✗ ', '容器', '🐘', 'ﷺ', ' ', 'x'],
];

const bytes = fc.uint8Array({ maxLength: 24 });
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...CODES) },
      { weight: 1, arbitrary: bytes.map((each) => Buffer.from(each).toString('latin1')) },
      { weight: 1, arbitrary: bytes.map((each) => Buffer.from(each).toString('utf8')) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  // A newline is what a text of several lines has; no name, label or argument holds a zero, and a command refuses one.
  .map((parts) => parts.join('').replaceAll('\n', '\r').replaceAll('\0', ''));

/** All that the world or a program has said in these lines, with this text in it, a part of it in front. */
function withText(lines: readonly JournalLine[], text: string): JournalLine[] {
  const inValues = (values: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' ? `${text}${value}${text}` : value,
      ]),
    );
  return lines.map((line) => {
    const changed: Record<string, unknown> = { ...line };
    if ('values' in line) changed.values = inValues(line.values);
    if ('output' in line) changed.output = line.output.replace(/^.*$/gm, (each) => `${each}${text}`);
    if (line.type === 'judged') changed.check = { ...line.check, values: inValues(line.check.values) };
    return changed as unknown as JournalLine;
  });
}

describe('a screen with hostile text in it', () => {
  const stages: Stage[] = [];
  before(async () => {
    for (const language of ['en', 'zh'] as const) stages.push(await openStage(language));
  });

  for (const [columns, colour] of [
    [NARROW, true],
    [WIDE, true],
    [WIDE, false],
  ] as const) {
    test(`${columns} columns ${colour ? 'with' : 'without'} colour: each line is drawn as it is alone`, async () => {
      const emulator = new Emulator(columns);
      let drawnRows = 0;
      const property = fc.asyncProperty(
        hostile,
        fc.constantFrom(...stages),
        fc.constantFrom('check', 'run'),
        async (text, stage, name) => {
          for (const { before: earlier, lines } of readGolden(name).parts) {
            const { screen } = replayed(stage, withText(lines, text), { columns, colour }, earlier);
            const whole = await emulator.draws(screen);
            const alone: Drawn[] = [];
            for (const line of screen.split('\n').slice(0, -1)) {
              const rows = await emulator.draws(line);
              alone.push(...(rows.length > 0 ? rows : [{ text: '', paint: '' }]));
            }
            assert.deepEqual(whole, alone.slice(0, whole.length));
            assert.ok(alone.slice(whole.length).every((row) => row.text === ''));
            drawnRows += whole.length;
          }
          assert.deepEqual(emulator.obeyed, []);
        },
      );
      await fc.assert(property, { numRuns: 12 });
      assert.ok(drawnRows > 500, String(drawnRows));
    });
  }

  test('the emulator is one: raw, the same codes rub out and paint what stood there', async () => {
    const emulator = new Emulator(NARROW);
    const [first] = await emulator.draws('Remove all of this?\n\u001b[1A\u001b[2Kall is well\n');
    assert.equal(first?.text, 'all is well');
    const [, second] = await emulator.draws('one\u001b[31m\ntwo\n');
    assert.notEqual(second?.paint, (await emulator.draws('two'))[0]?.paint);
    await emulator.draws('\u001b]0;mine\u0007\u001b[6n');
    assert.equal(emulator.obeyed.length, 2);
  });
});
