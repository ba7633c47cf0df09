/**
 * The small files of a tar archive, read as it streams by: of an image's archive they say what is in it. Formats ustar,
 * GNU and pax, as tar(5) has them. What an engine might unpack in another way than it looks is refused.
 */
import { posix } from 'node:path';
import { OddArchive } from './odd-archive.ts';

const BLOCK = 512;
/** Bytes. Manifests and configurations of images are smaller; layers are passed over. */
const LARGEST_KEPT = 1 << 20;
/** Bytes of all that is kept, and how many entries an archive may have. */
const MOST_KEPT = 32 << 20;
const MOST_ENTRIES = 20_000;

interface Header {
  name: string;
  size: number;
  /** `0` a file, `1` and `2` links, `5` a folder; `L`, `K`, `x` and `g` say something of what follows. */
  type: string;
}

/**
 * By their paths, the files of up to a megabyte. Throws an Error with the reason where that is no tar archive, where it
 * ends too early, or where it has a name twice or leads through a link.
 */
export async function smallFilesOf(archive: AsyncIterable<Buffer>): Promise<Map<string, Buffer>> {
  const source = new Blocks(archive);
  try {
    return await keptOf(source);
  } finally {
    await source.end();
  }
}

/** What says something of the next entry: its name, its link's, pairs of pax, pairs for all that follow. */
const SAYS_OF_NEXT = /^[LKxg]$/;

async function keptOf(source: Blocks): Promise<Map<string, Buffer>> {
  const kept = new Map<string, Buffer>();
  const types = new Map<string, string>();
  let room = MOST_KEPT;
  let next = new Said();
  for (let entries = 0; ; entries += 1) {
    if (entries > MOST_ENTRIES) throw new OddArchive('why-tar-too-much');
    const block = await source.take(BLOCK);
    if (block === null) throw new OddArchive('why-tar-cut');
    if (block.every((byte) => byte === 0)) break;
    const header = { ...headerIn(block), ...next.header };
    refuseUnclear(header);
    const saysOfNext = SAYS_OF_NEXT.test(header.type);
    const isKept = header.size <= LARGEST_KEPT && (saysOfNext || header.type === '0');
    if (saysOfNext && !isKept) throw new OddArchive('why-tar-too-much');
    if (isKept) room -= header.size;
    if (room < 0) throw new OddArchive('why-tar-too-much');
    const body = isKept ? await source.take(header.size) : await source.skip(header.size);
    if (body === null) throw new OddArchive('why-tar-cut');
    await source.skip((BLOCK - (header.size % BLOCK)) % BLOCK);
    if (saysOfNext) {
      next.take(header.type, body);
      continue;
    }
    next = new Said();
    const path = pathOf(header.name);
    note(types, path, header.type);
    if (isKept) kept.set(path, body);
  }
  // An engine would read them, be they too large for us, or a link.
  for (const path of ['manifest.json', 'index.json'])
    if (types.has(path) && !kept.has(path)) throw new OddArchive('why-tar-unreadable', path);
  return kept;
}

/** What programs that unpack archives do not all read in one way. */
function refuseUnclear({ name, size, type }: Header): void {
  if (!/^[0125LKxg]$/.test(type)) throw new OddArchive('why-tar-unclear', name);
  // Some pass over that many bytes, and some read them as entries.
  if (/^[125]$/.test(type) && size !== 0) throw new OddArchive('why-tar-unclear', name);
  if (type === '0' && name.endsWith('/')) throw new OddArchive('why-tar-unclear', name);
}

/** A folder may be there twice; nothing else. */
function note(types: Map<string, string>, path: string, type: string): void {
  if (ancestorsOf(path).some((each) => /^[12]$/.test(types.get(each) ?? '')))
    throw new OddArchive('why-tar-link', path);
  const before = types.get(path);
  if (before !== undefined && !(before === '5' && type === '5')) throw new OddArchive('why-tar-twice', path);
  types.set(path, type);
}

/** One file as an entry of a tar archive, header and padding included. */
export function tarEntry(name: string, body: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${'0'.repeat(11)}\0`, 136);
  header.write('0ustar\x0000', 156);
  header.write('ustar\x0000', 257);
  header[156] = '0'.charCodeAt(0);
  header.fill(0, 157, 257);
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

function headerIn(block: Buffer): Header {
  const text = (from: number, to: number) => {
    const field = block.subarray(from, to);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? field.length : end).toString('utf8');
  };
  if (Number.parseInt(text(148, 156), 8) !== sumOf(block)) throw new OddArchive('why-no-tar');
  const isUstar = text(257, 263) === 'ustar';
  // There GNU's tar keeps times, and star's tar a shorter prefix: not everybody reads a name out of it.
  const isUnclear = isUstar ? text(508, 512) === 'tar' : block.subarray(345, 500).some((byte) => byte !== 0);
  if (isUnclear) throw new OddArchive('why-tar-unclear', text(0, 100));
  const prefix = isUstar ? text(345, 500) : '';
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size: sizeIn(block),
    // Of the time before ustar.
    type: type === '\0' ? '0' : type,
  };
}

/** Octal; from 8 GB on binary, with the highest bit set. */
function sizeIn(block: Buffer): number {
  const isBinary = ((block[124] ?? 0) & 0x80) !== 0;
  const size = isBinary
    ? Number(block.readBigUInt64BE(128))
    : Number.parseInt(block.toString('latin1', 124, 136).trim() || '0', 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new OddArchive('why-no-tar');
  return size;
}

/** The sum of a header's bytes, its own field counted as spaces. */
function sumOf(block: Buffer): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

/** What headers before an entry say of it. Where they say a thing twice, programs differ in whom they believe. */
class Said {
  readonly header: Partial<Pick<Header, 'name' | 'size'>> = {};
  readonly #types = new Set<string>();

  /** `L`: the entry's long name. `x`: pairs of pax. `K`, of a link's target, and `g` say nothing that counts here. */
  take(type: string, body: Buffer): void {
    const isAgain = this.#types.has(type) || (type === 'g' && this.#types.size > 0);
    if (isAgain) throw new OddArchive('why-tar-twice', type);
    if (type !== 'g') this.#types.add(type);
    if (type === 'L') this.#name(body.toString('utf8').split('\0')[0] as string);
    if (type !== 'x') return;
    for (const [key, value] of pairsIn(body)) {
      if (key.startsWith('GNU.sparse.')) throw new OddArchive('why-tar-unclear', key);
      if (key === 'path') this.#name(value);
      if (key === 'size') this.header.size = Number(value || Number.NaN);
    }
    const { size } = this.header;
    if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) throw new OddArchive('why-no-tar');
  }

  #name(name: string): void {
    if (name === '' || name.includes('\0')) throw new OddArchive('why-no-tar');
    if (this.header.name !== undefined) throw new OddArchive('why-tar-twice', name);
    this.header.name = name;
  }
}

/** Each as `LENGTH KEY=VALUE`, and a newline. */
function* pairsIn(body: Buffer): Generator<[key: string, value: string]> {
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    if (space < 0 || !(length > space - at)) throw new OddArchive('why-no-tar');
    const [key = '', ...value] = body.toString('utf8', space + 1, at + length - 1).split('=');
    yield [key, value.join('=')];
    at += length;
  }
}

function pathOf(name: string): string {
  const path = posix.normalize(`/${name}`).slice(1).replace(/\/$/, '');
  if (name.split('/').includes('..')) throw new OddArchive('why-tar-outside', name);
  return path;
}

function ancestorsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** Bytes of a stream, as many as are asked for. */
class Blocks {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(archive: AsyncIterable<Buffer>) {
    this.#chunks = archive[Symbol.asyncIterator]();
  }

  /** Null: there are not so many. */
  async take(size: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return null;
      const part = this.#rest.subarray(0, missing);
      parts.push(part);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Passes over them. Null: there are not so many. */
  async skip(size: number): Promise<Buffer | null> {
    for (let missing = size; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) return null;
      const part = Math.min(missing, this.#rest.length);
      this.#rest = this.#rest.subarray(part);
      missing -= part;
    }
    return Buffer.alloc(0);
  }

  async end(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = value;
    return true;
  }
}
