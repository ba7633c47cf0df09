import assert from 'node:assert/strict';
import { test } from 'node:test';
import xterm from '@xterm/headless';
import { openScreen } from '../../src/terminal/screen.ts';

/** What stands on a terminal of this width after this was drawn on stderr. */
async function rowsAt(columns: number, draw: (screen: ReturnType<typeof openScreen>) => void) {
  const terminal = new xterm.Terminal({ cols: columns, rows: 10, allowProposedApi: true });
  const { stderr } = process;
  const [write, isTTY, width] = [stderr.write, stderr.isTTY, process.stdout.columns];
  let written = '';
  stderr.write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  const { TERM } = process.env;
  process.env.TERM = 'xterm';
  Object.assign(stderr, { isTTY: true });
  Object.assign(process.stdout, { columns });
  try {
    draw(openScreen({ colour: false }));
  } finally {
    stderr.write = write;
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
    Object.assign(stderr, { isTTY });
    Object.assign(process.stdout, { columns: width });
  }
  await new Promise<void>((resolve) => terminal.write(written.replace(/\r?\n/g, '\r\n'), resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: 10 }, (_, at) => active.getLine(at)?.translateToString(true) ?? '').filter(
    (row) => row !== '',
  );
}

test('what is said while one waits leaves nothing behind, however narrow the window', async () => {
  for (const waits of ['waiting until the container of step 12 answers', '等第 12 步的容器应答'.repeat(4)]) {
    const rows = await rowsAt(40, (screen) => {
      screen.transient(waits);
      screen.transient('and on');
      screen.transient(waits);
      screen.aside('it answers');
    });
    assert.deepEqual(rows, ['it answers']);
  }
});
