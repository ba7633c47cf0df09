/** What must not reach a terminal. */
import assert from 'node:assert/strict';

/** Control characters but for newlines, and what turns or hides. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Fails where anything but colours and a line that is drawn anew would reach a terminal. */
export function harmless(told: string, what: string): void {
  const bare = told.replace(/\u001b\[[\d;]*m|\r\u001b\[K|\r(?=\n)/g, '');
  const found = OBEYED.exec(bare);
  assert.equal(
    found,
    null,
    `${what}: ${JSON.stringify(bare.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 20))}`,
  );
}
