/**
 * What a tarball of images holds, read before an engine sees it: a `docker save` archive, an OCI layout, or both in
 * one, plain or compressed. An engine takes every image and every name that is in there.
 */

import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { familiarName } from '../grammar.ts';
import { startPipe } from '../program-pipe.ts';
import { hasTool } from '../shell.ts';
import { OddArchive } from './odd-archive.ts';
import { smallFilesOf, tarEntry } from './tar-entries.ts';
import { chunksOf } from './tarball.ts';

/** An image as a tarball tells of it. */
export interface Packed {
  /** Of its configuration, 64 hex digits. */
  configDigest: string;
  /** The names that an engine will give it. */
  names: string[];
  architecture: string;
  created: string;
  env: Record<string, string>;
}

export interface Archive {
  images: Packed[];
  /** The bytes for the engine, from the beginning: not compressed, with a manifest that each engine reads. */
  bytes(): Readable;
}

interface DockerManifest {
  Config: string;
  RepoTags?: string[] | null;
  Layers: string[];
}

interface Descriptor {
  digest?: string;
  mediaType?: string;
  annotations?: Record<string, string>;
  platform?: { architecture?: string; os?: string };
}

/** Reads what is in an open file. An Error says, in a few words, why that cannot be. */
export async function archiveIn(handle: FileHandle): Promise<Archive> {
  const bytes = await unpackerOf(handle);
  const files = await smallFilesOf(bytes());
  const byManifest = manifestIn(files)?.map((each) => packedByManifest(files, each)) ?? [];
  const layout = layoutIn(files);
  const images = together([...byManifest, ...layout.map(({ packed }) => packed)]);
  if (images.length === 0) throw new OddArchive('why-no-image');
  if (byManifest.length > 0) return { images, bytes };
  const manifest = tarEntry('manifest.json', Buffer.from(JSON.stringify(layout.map(({ docker }) => docker))));
  // An engine before 25, or without the containerd store, reads no OCI layout.
  return { images, bytes: () => joined(manifest, bytes()) };
}

/** The same image may be told of twice, in either form. */
function together(found: readonly Packed[]): Packed[] {
  const byConfig = new Map<string, Packed>();
  for (const each of found) {
    const known = byConfig.get(each.configDigest);
    byConfig.set(each.configDigest, {
      ...each,
      names: [...new Set([...(known?.names ?? []), ...each.names])],
    });
  }
  return [...byConfig.values()];
}

function manifestIn(files: ReadonlyMap<string, Buffer>): DockerManifest[] | null {
  if (!files.has('manifest.json')) return null;
  const manifest = jsonIn<DockerManifest[]>(files, 'manifest.json');
  if (!Array.isArray(manifest)) throw new OddArchive('why-archive-odd', 'manifest.json');
  return manifest;
}

function packedByManifest(files: ReadonlyMap<string, Buffer>, { Config, RepoTags }: DockerManifest): Packed {
  const digest = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(String(Config))?.[1];
  if (digest === undefined) throw new OddArchive('why-archive-odd', 'manifest.json');
  return packed(jsonIn(files, String(Config)), digest, Array.isArray(RepoTags) ? RepoTags.map(String) : []);
}

/** The images of an OCI layout, and what manifest.json would say of each. */
function layoutIn(files: ReadonlyMap<string, Buffer>): { packed: Packed; docker: DockerManifest }[] {
  if (!files.has('index.json')) return [];
  const blob = (digest: unknown) => {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(String(digest))?.[1];
    if (hex === undefined) throw new OddArchive('why-archive-odd', 'index.json');
    return `blobs/sha256/${hex}`;
  };
  const found: { packed: Packed; docker: DockerManifest }[] = [];
  const follow = ({ digest, mediaType = '', annotations = {} }: Descriptor, depth: number) => {
    if (depth > 3) throw new OddArchive('why-archive-odd', 'index.json');
    // How an image was built, kept beside it.
    if (annotations['vnd.docker.reference.type'] === 'attestation-manifest') return;
    const inner = jsonIn<{ manifests?: Descriptor[]; config?: Descriptor; layers?: Descriptor[] }>(
      files,
      blob(digest),
    );
    if (/index|manifest\.list/.test(mediaType) || inner.manifests) {
      // Of an image for several architectures there may be only one here.
      const here = (inner.manifests ?? []).filter((each) => files.has(blob(each.digest)));
      for (const each of here)
        follow({ ...each, annotations: { ...annotations, ...each.annotations } }, depth + 1);
      return;
    }
    const name = annotations['io.containerd.image.name'];
    const names = name === undefined ? [] : [name];
    const config = blob(inner.config?.digest);
    const docker = {
      Config: config,
      RepoTags: names,
      Layers: (inner.layers ?? []).map((each) => blob(each.digest)),
    };
    found.push({
      packed: packed(jsonIn(files, config), config.slice('blobs/sha256/'.length), names),
      docker,
    });
  };
  for (const each of jsonIn<{ manifests?: Descriptor[] }>(files, 'index.json').manifests ?? [])
    follow(each, 0);
  return found;
}

interface Configuration {
  architecture?: unknown;
  created?: unknown;
  config?: { Env?: unknown };
}

function packed({ architecture, created, config }: Configuration, digest: string, names: string[]): Packed {
  const env = Array.isArray(config?.Env) ? config.Env.map(String) : [];
  return {
    configDigest: digest,
    names: names.map(familiarName),
    architecture: String(architecture ?? ''),
    created: String(created ?? ''),
    env: Object.fromEntries(env.map((each) => [each.split('=')[0], each.slice(each.indexOf('=') + 1)])),
  };
}

function jsonIn<T>(files: ReadonlyMap<string, Buffer>, name: string): T {
  const body = files.get(name);
  if (body === undefined) throw new OddArchive('why-archive-lacks', name);
  try {
    const value = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {}
  throw new OddArchive('why-archive-odd', name);
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const GZIP = Buffer.from([0x1f, 0x8b]);

/** By the first bytes of the file: a stream of what is in it, anew at each call. */
async function unpackerOf(handle: FileHandle): Promise<() => Readable> {
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const raw = () => Readable.from(chunksOf(handle), { objectMode: false });
  if (buffer.subarray(0, 2).equals(GZIP)) return () => through(raw(), zlib.createGunzip());
  if (!buffer.equals(ZSTD)) return raw;
  // Node itself reads it from 22.15 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream };
  if (createZstdDecompress) return () => through(raw(), createZstdDecompress());
  if (!hasTool('zstd')) throw new OddArchive('why-zstd');
  return () => through(raw(), startPipe(['zstd', '-dcq']));
}

function through(from: Readable, by: NodeJS.ReadWriteStream): Readable {
  // An error of the file is one of its reader as well.
  return pipeline(from, by, () => {}) as unknown as Readable;
}

function joined(first: Buffer, rest: Readable): Readable {
  const both = async function* () {
    yield first;
    yield* rest;
  };
  return Readable.from(both(), { objectMode: false });
}
