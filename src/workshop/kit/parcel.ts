/**
 * The tarball of pglab itself, as `npm pack` makes it, without npm: the pglab that was unpacked from a kit may run on a Node
 * that has none. Of the same files always the same bytes, so that a line to join goes on being right.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BLOCK = 512;
/** What npm takes along, whatever `files` says. */
const ALWAYS = ['package.json', 'README.md', 'README.zh.md', 'LICENSE'];
/** Of a package that is installed nothing else is asked. */
const KEPT = [
  'name',
  'version',
  'description',
  'license',
  'type',
  'engines',
  'bin',
  'exports',
  'files',
  'pglab',
];
/** 1985, as npm has it: a tarball tells nothing of when it was made. */
const WHEN = 499_162_500;

/** Gzipped. `root`: the folder of our package.json, be it the checkout's or that of an installed package. */
export function parcelOf(root: string): Buffer {
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const roots = [...ALWAYS, ...(manifest.files as string[])];
  const names = [...new Set(roots.flatMap((name) => filesIn(root, name)))].sort();
  const kept = Object.fromEntries(KEPT.map((key) => [key, manifest[key]]));
  const entries = names.map((name) => {
    const isManifest = name === 'package.json';
    const body = isManifest
      ? Buffer.from(`${JSON.stringify(kept, null, 2)}\n`)
      : readFileSync(join(root, name));
    return { path: `package/${name}`, body, isProgram: /\.sh$|^dist\/pglab\.js$/.test(name) };
  });
  return gzipSync(tarOf(entries), { level: 9 });
}

interface TarFile {
  path: string;
  body: Buffer;
  isProgram: boolean;
}

/** A tar archive of files, all root's and of one day. */
export function tarOf(files: readonly TarFile[]): Buffer {
  const entries = files.flatMap(({ path, body, isProgram }) => [
    headerOf(path, body.length, isProgram),
    padded(body),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
}

/** All files in a folder, by their paths below the root; a file is itself, and what is not there nothing. */
function filesIn(root: string, name: string): string[] {
  const found = lstatSync(join(root, name), { throwIfNoEntry: false });
  if (found?.isFile()) return [name];
  if (!found?.isDirectory()) return [];
  return readdirSync(join(root, name)).flatMap((each) => filesIn(root, `${name}/${each}`));
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

/** A header of ustar (tar(5)), which has room for 100 bytes of a name, and for 155 of the folders before it. */
function headerOf(path: string, size: number, isProgram: boolean): Buffer {
  const header = Buffer.alloc(BLOCK);
  const cut = path.length <= 100 ? 0 : path.indexOf('/', path.length - 101) + 1;
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path.slice(cut), 0, 100);
  header.write(octal(isProgram ? 0o755 : 0o644, 7) + octal(0, 7) + octal(0, 7), 100);
  header.write(octal(size, 11) + octal(WHEN, 11) + ' '.repeat(8), 124);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  header.write(path.slice(0, Math.max(0, cut - 1)), 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
