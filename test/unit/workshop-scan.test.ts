/** The code that a phone scans, read back by another library. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import jsqr from 'jsqr';
import { pastedLine } from '../../src/workshop/kit/pasted-line.ts';
import { qrForTerminal, qrSvg } from '../../src/workshop/kit/qr.ts';

describe('the code to scan', () => {
  const line = pastedLine({ address: '192.168.100.200:8750', code: 'K'.repeat(26), sha256: 'a1'.repeat(32) });

  it('is read by another library, from the drawing for a page', () => {
    const svg = qrSvg(line);
    const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
    const dark = new Set(
      [...svg.matchAll(/M(\d+),(\d+)h10v10h-10z/g)].map(([, x, y]) => `${Number(x) / 10},${Number(y) / 10}`),
    );
    assert.ok(dark.size > 100, svg.slice(0, 300));
    assert.equal(
      readBack(size / 10, (x, y) => dark.has(`${x},${y}`)),
      line,
    );
  });

  it('is read from half blocks of a terminal, dark on light', () => {
    const rows = qrForTerminal(line).split('\n');
    const isLight = (x: number, y: number) => {
      const block = [...(rows[y >> 1] ?? '')][x];
      return block === '█' || block === (y % 2 === 0 ? '▀' : '▄');
    };
    const size = [...(rows[0] ?? '')].length;
    assert.equal(
      readBack(size, (x, y) => !isLight(x, y)),
      line,
    );
    assert.ok(size <= 90, `${size} columns`);
  });
});

/** Reads the modules of a code, each four pixels wide, with a margin. */
function readBack(modules: number, isDark: (x: number, y: number) => boolean): string | undefined {
  const scale = 4;
  const margin = 4;
  const width = (modules + 2 * margin) * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < modules * scale; y += 1)
    for (let x = 0; x < modules * scale; x += 1) {
      if (!isDark(Math.floor(x / scale), Math.floor(y / scale))) continue;
      const at = ((y + margin * scale) * width + x + margin * scale) * 4;
      pixels.fill(0, at, at + 3);
    }
  const read = jsqr as unknown as (
    data: Uint8ClampedArray,
    width: number,
    height: number,
  ) => { data: string } | null;
  return read(pixels, width, width)?.data;
}
