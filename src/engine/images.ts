/** Images: looked at, fetched, carried from one machine to another. */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { imageName } from '../grammar.ts';
import { isId, isImageName } from '../names.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { absentIsNull, type Guard } from './answers.ts';
import { toImage } from './normalise.ts';
import { followPull } from './pull.ts';
import { objectsOf } from './streams.ts';
import type { Engine } from './types.ts';

type OfImages = Pick<Engine, 'image' | 'images' | 'pull' | 'tag' | 'load' | 'save'>;

/** The labels of an image by its id; of one that is gone, none. */
export type LabelsOfImage = (id: string) => Promise<Record<string, string>>;

export function imagesOf(docker: Docker, guard: Guard): OfImages & { labelsOf: LabelsOfImage } {
  /** By id: what was read into an id stays so, wherever its names go. */
  const labels = new Map<string, Promise<Record<string, string>>>();
  const inspect = async (ref: string) => {
    // It becomes part of a path.
    if (!isImageName(ref) && !isId(ref)) return null;
    const image = await guard(absentIsNull(docker.getImage(ref).inspect().then(toImage)));
    if (image) labels.set(image.id, Promise.resolve(image.labels));
    return image;
  };
  const asked = async (id: string) => {
    const image = await inspect(id).catch((error) => {
      labels.delete(id);
      throw error;
    });
    // It may be loaded again.
    if (!image) labels.delete(id);
    return image?.labels ?? {};
  };
  return {
    labelsOf(id) {
      const known = labels.get(id) ?? asked(id);
      labels.set(id, known);
      return known;
    },
    image: inspect,
    async images() {
      const listed = await guard(docker.listImages());
      const found = await Promise.all(listed.map(({ Id }) => inspect(Id)));
      return found.filter((image) => image !== null);
    },
    async pull(ref, onProgress, signal) {
      await followPull(docker, ref, onProgress, signal);
    },
    async tag(id, ref) {
      const { name, tag } = imageName(ref);
      await guard(docker.getImage(id).tag({ repo: name, tag: tag ?? 'latest' }));
    },
    async load(file): Promise<string[]> {
      const answer = (await guard(docker.loadImage(await opened(file)), Infinity)) as Readable;
      const loaded: string[] = [];
      const heard = async () => {
        for await (const { error, stream } of objectsOf<{ error?: string; stream?: string }>(answer)) {
          if (error !== undefined) throw loadTrouble(file, error);
          const name = /^Loaded image(?: ID)?: (\S+)/.exec(stream ?? '')?.[1];
          if (name !== undefined) loaded.push(name);
        }
      };
      await guard(heard(), Infinity);
      return loaded.filter(isImageName);
    },
    async save(ref, file) {
      const stream = await guard(docker.getImage(ref).get(), Infinity);
      await pipeline(stream as Readable, createWriteStream(file, { flags: 'wx' }));
    },
  };
}

function loadTrouble(file: string, why: string): Trouble {
  if (/no space left/i.test(why)) return new Trouble('no-space', { ref: file, why });
  return new Trouble('load-failed', { file, why });
}

/** Opened before the engine is asked: what is wrong with the file must not look like the engine's fault. */
async function opened(file: string): Promise<Readable> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle.createReadStream();
    await handle.close();
  } catch (cause) {
    throw new Trouble('load-failed', { file, why: messageOf(cause) }, { cause });
  }
  throw new Trouble('load-failed', { file, why: 'it is a folder' });
}
