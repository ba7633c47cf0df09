/** What of a command and of its output stands on a screen, and how it fits there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { shownLine } from '../../src/lab/shown.ts';
import { drawStarted } from '../../src/terminal/beside.ts';
import { drawOutput } from '../../src/terminal/output.ts';
import { drawChecks } from '../../src/terminal/verdicts.ts';
import { widthOf, wrap } from '../../src/wrap.ts';
import { openStage } from '../replay.ts';

const stages = await Promise.all(LANGUAGES.map((language) => openStage(language)));
const [en] = stages as [(typeof stages)[number]];

/** A screen of so many columns, without colour. */
function paper(columns: number) {
  const lines: string[] = [];
  const screen = {
    ...{ columns, colour: false, isLive: false },
    line: (text = '') => void lines.push(text),
    ...{ aside: () => {}, transient: () => {}, live: () => {} },
    paint: (_: string, text: string) => text,
  };
  return { screen, lines };
}

describe('code in a line of prose', () => {
  test('is never broken, in either language, and stands on a line of its own where it is long', () => {
    const code = '`docker exec -it 1dbeea760c86 psql -U postgres`';
    for (const text of [`Then ${code}, and look.`, `然后运行 ${code}，看一看。`])
      for (const columns of [100, 60, 40, 20]) {
        const lines = wrap(text, columns);
        assert.equal(lines.filter((line) => line.includes(code)).length, 1, lines.join('\n'));
        for (const line of lines) assert.ok(line.includes(code) || widthOf(line) <= columns, line);
      }
  });

  test('is what stands between two marks: a single one breaks like any word', () => {
    assert.deepEqual(wrap('one ` two three', 7), ['one `', 'two', 'three']);
  });
});

describe('output', () => {
  const drawn = (columns: number, output: string) => {
    const { screen, lines } = paper(columns);
    const drawing = {
      screen,
      content: en.content,
      unpublished: () => new Set<string>(),
      volumeOf: () => null,
    };
    drawOutput(drawing, undefined, null, output);
    return lines;
  };
  const ROW = 'docker-pr  911 root    4u  IPv4 1110840      0t0  TCP *:6580 (LISTEN)';

  test('of a table is fitted to the width, and keeps the port', () => {
    for (const columns of [60, 40]) {
      const lines = drawn(columns, `${ROW}\n`);
      assert.match(lines.join(' '), /\*:6580\s+\(LISTEN\)/);
      for (const line of lines) assert.ok(widthOf(line) <= columns, line);
    }
    assert.deepEqual(drawn(80, `${ROW}\n`), [ROW]);
  });

  test('of a log is one line, to be copied', () => {
    const line = '2026-11-26 22:42:15.563 UTC [38] LOG:  database system is ready to accept connections';
    assert.deepEqual(drawn(60, `${line}\n`), [line]);
  });

  test('that is an error is one line, to be copied', () => {
    const error = 'psql: error: connection to server at "127.0.0.1", port 5432 failed: Connection refused';
    assert.deepEqual(drawn(40, `${error}\n\tIs the server running?\n`)[0], error);
  });

  test('is bounded, however long a line is', () => {
    assert.ok(drawn(40, `a  ${'b '.repeat(50_000)}\n`).length <= 10);
  });
});

test('where to see it yourself is one line, however narrow the window', () => {
  const { screen, lines } = paper(40);
  const step = en.lab.steps.find(({ id }) => id === 'port-mapping') as (typeof en.lab.steps)[number];
  const evidence = "docker inspect --format '{{json .NetworkSettings.Ports}}' 1dbeea760c86";
  const values = { name: 'mapped', short: '1dbeea760c86' };
  const check = {
    id: 'running',
    kind: 'running',
    outcome: 'not-met',
    finding: 'container-paused',
    note: null,
  } as const;
  const judged = [{ ...check, values, evidence }];
  drawChecks({ screen, content: en.content }, en.content.step(en.stem(step.id)), step, judged, {});
  assert.ok(
    lines.some((line) => line.endsWith(evidence)),
    lines.join('\n'),
  );
});

describe('each command of steps 8 to 12 has its reason before it runs', () => {
  for (const { lab, content, stem } of stages) {
    for (const { id, commands } of lab.steps.slice(7)) {
      test(`${id} (${content.language})`, () => {
        const text = content.step(stem(id));
        const explained = new Set<string>();
        const told = new Set<string>();
        // What only shows what another one did says so by its remarks.
        for (const command of commands.filter(({ illustrates }) => !illustrates)) {
          const { screen, lines } = paper(200);
          const here = shownLine(command, {}, lab.settings.service);
          drawStarted({ screen, content, lab }, text, explained, { command, here, values: {} });
          assert.equal(lines.at(-1), `$ ${here}`);
          // The very same once more has been explained.
          const kind = here.replace(/…|'.*/g, '');
          assert.ok(lines.length > 1 || told.has(kind), here);
          told.add(kind);
        }
      });
    }
  }
});
