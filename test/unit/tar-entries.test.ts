/** An archive that programs do not all read in one way is refused: else pglab would look at one image, and an engine load another. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { smallFilesOf, tarEntry } from '../../src/image/tar-entries.ts';

const END = Buffer.alloc(1024);
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const read = (entries: Buffer[]) => smallFilesOf(Readable.from([Buffer.concat([...entries, END])]));

/** An entry of another type, with `patch` over its header. */
function typed(type: string, name: string, body = '', patch: [at: number, text: string][] = []): Buffer {
  const entry = tarEntry(name, Buffer.from(body));
  for (const [at, text] of [[156, type], ...patch] as const) entry.write(text, at);
  entry.fill(0x20, 148, 156);
  const sum = entry.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  entry.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return entry;
}

describe('what an engine would read in another way than pglab', () => {
  const manifest = tarEntry('manifest.json', json([]));
  const pax = (...pairs: string[]) => typed('x', 'pax', pairs.map(pair).join(''));
  const pair = (text: string) => {
    const length = text.length + 2;
    return `${length + String(length + String(length).length).length} ${text}\n`;
  };
  const rows: Record<string, [RegExp, Buffer[]]> = {
    'a manifest too large to keep': [
      /why-tar-unreadable manifest\.json/,
      [tarEntry('manifest.json', Buffer.alloc((1 << 20) + 1, ' '))],
    ],
    'a manifest that is a link': [/why-tar-unreadable manifest\.json/, [typed('1', 'manifest.json')]],
    'an index that is a link': [/why-tar-unreadable index\.json/, [manifest, typed('2', 'index.json')]],
    'a file twice, the second too large to keep': [
      /why-tar-twice manifest\.json/,
      [manifest, tarEntry('manifest.json', Buffer.alloc((1 << 20) + 1, ' '))],
    ],
    'a folder over a file': [/why-tar-twice manifest\.json/, [manifest, typed('5', 'manifest.json')]],
    'two long names': [
      /why-tar-twice x/,
      [typed('L', 'long', 'manifest.json\0'), pax('path=x'), tarEntry('y', json([]))],
    ],
    'two headers of pax': [/why-tar-twice [xg]$/, [pax('path=x'), pax('mtime=1'), tarEntry('y', json([]))]],
    'a header for all between': [
      /why-tar-twice [xg]$/,
      [pax('path=x'), typed('g', 'pax', pair('comment=x')), tarEntry('y', json([]))],
    ],
    'a name of a file with holes': [
      /why-tar-unclear GNU\.sparse\.name/,
      [pax('GNU.sparse.name=manifest.json'), tarEntry('y', json([]))],
    ],
    'a file with holes': [/why-tar-unclear y/, [typed('S', 'y')]],
    'a file that is a folder': [/why-tar-unclear manifest\.json\//, [tarEntry('manifest.json/', json([]))]],
    'a folder with entries for its size': [
      /why-tar-unclear y/,
      [typed('5', 'y', manifest.toString('latin1'))],
    ],
    'a long name that is too long': [/why-tar-too-much/, [typed('L', 'y', 'x'.repeat((1 << 20) + 1))]],
    'a prefix behind GNU’s magic': [
      /why-tar-unclear/,
      [
        typed('0', 'manifest.json', '[]', [
          ...([
            [257, 'ustar  \0'],
            [345, 'a'],
          ] as [number, string][]),
        ]),
      ],
    ],
    'a prefix as star has it': [/why-tar-unclear/, [typed('0', 'x', '', [[508, 'tar\0']])]],
  };
  for (const [what, [why, entries]] of Object.entries(rows))
    test(what, () => assert.rejects(read(entries), why));

  test('a folder twice and a long name after a long link are read', async () => {
    const entries = [
      typed('5', 'a/'),
      typed('5', 'a'),
      typed('K', 'k', 'to'),
      typed('L', 'l', 'a/long\0'),
      tarEntry('x', json({})),
    ];
    const files = await read(entries);
    assert.deepEqual([...files.keys()], ['a/long']);
  });
});
