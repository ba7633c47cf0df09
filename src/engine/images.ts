/** Images: looked at, fetched, carried from one machine to another. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { familiarName, imageName, wholeName, withTag } from '../grammar.ts';
import { isId, isImageId, isImageName } from '../names.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { absentIsNull, type Guard, gone, statusOf } from './answers.ts';
import { toImage } from './normalise.ts';
import { followPull } from './pull.ts';
import { listIn, textOf } from './sound-answers.ts';
import { objectsOf } from './streams.ts';
import type { Engine, Image } from './types.ts';

type OfImages = Pick<Engine, 'image' | 'images' | 'pull' | 'tag' | 'load' | 'save' | 'removeImage'>;

/** The labels of an image by its id; of one that is gone, none. */
export type LabelsOfImage = (id: string) => Promise<Record<string, string>>;

/** `keepsPacked`: its images lie in containerd's store, packed and unpacked. */
export function imagesOf(
  docker: Docker,
  guard: Guard,
  { podman, keepsPacked }: { podman: boolean; keepsPacked: boolean },
): OfImages & { labelsOf: LabelsOfImage } {
  /** Podman would take the end of the name of an image that is there for the whole. */
  const whole = (ref: string) => (podman ? wholeName(ref) : ref);
  /** By id: what was read into an id stays so, wherever its names go. */
  const labels = new Map<string, Promise<Record<string, string>>>();
  const inspect = async (ref: string) => {
    // The name becomes part of a request's path.
    if (!isImageName(ref) && !isId(ref)) return null;
    const ask = (name: string) => guard(absentIsNull(docker.getImage(name).inspect().then(toImage)));
    const image = podman ? await knownToPodman(ask, ref) : await ask(ref);
    if (image) labels.set(image.id, Promise.resolve(image.labels));
    return image;
  };
  const list = async () => listIn('list of images', await guard(docker.listImages()));
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
    async image(ref) {
      const image = await inspect(ref);
      return image && keepsPacked ? (sized([image], await list())[0] ?? null) : image;
    },
    async images() {
      const listed = await list();
      const inspected = await Promise.all(listed.map(({ Id }) => inspect(textOf(Id))));
      return sized(inspected.filter(isThere), listed);
    },
    async pull(ref, onProgress, signal) {
      await followPull(docker, { ref, from: whole(ref) }, onProgress, signal);
    },
    async tag(id, ref) {
      const { name, tag } = imageName(whole(ref));
      await guard(docker.getImage(id).tag({ repo: name, tag: tag ?? 'latest' }));
    },
    async load(archive, file) {
      const sent = Readable.from(archive, { objectMode: false });
      const answer = (await guard(docker.loadImage(sent), Infinity)) as Readable;
      return guard(namesLoaded(answer, file), Infinity);
    },
    async save(ref, file) {
      const stream = await guard(docker.getImage(ref).get(), Infinity);
      await pipeline(stream as Readable, createWriteStream(file, { flags: 'wx' }));
    },
    removeImage: (name) => removed(docker, guard, whole(name)),
  };
}

function isThere(image: Image | null): image is Image {
  return image !== null;
}

/**
 * With the containerd store an inspected image has the size of what was packed, as far as Docker 29; the list has what
 * both take, which is what `docker image ls` shows.
 */
function sized(images: readonly Image[], listed: readonly Docker.ImageInfo[]): Image[] {
  const sizes = new Map(listed.map(({ Id, Size }) => [Id, Number(Size)]));
  return images.map((image) => ({ ...image, size: sizes.get(image.id) || image.size }));
}

async function removed(docker: Docker, guard: Guard, name: string): Promise<void> {
  await guard(gone(docker.getImage(name).remove())).catch((error) => {
    if (statusOf(error) !== 409) throw error;
    throw new Trouble('image-in-use', { name, why: messageOf(error) }, { cause: error });
  });
}

/**
 * The image of this very name, with names as Docker writes them. Podman would take `postgres:17` for the end of a
 * longer name, too: of `localhost/pglab/postgres:17`.
 */
async function knownToPodman(
  ask: (name: string) => Promise<Image | null>,
  ref: string,
): Promise<Image | null> {
  const isName = !isId(ref) && !isImageId(ref);
  const found = (isName ? await ask(wholeName(ref)) : null) ?? (await ask(ref));
  if (!found) return null;
  const tags = [...new Set(found.tags.map(familiarName))];
  const isMeant = !isName || ref.includes('@') || tags.includes(withTag(familiarName(ref)));
  return isMeant ? { ...found, tags } : null;
}

/** The names that the engine says to have loaded: Docker in a line each, Podman in one, with commas between. */
async function namesLoaded(answer: Readable, file: string): Promise<string[]> {
  const loaded: string[] = [];
  for await (const { error, stream } of objectsOf<{ error?: string; stream?: string }>(answer)) {
    if (error !== undefined) throw loadTrouble(file, String(error));
    const names = /^Loaded image(?: ID)?: (\S+)/.exec(textOf(stream))?.[1];
    if (names !== undefined) loaded.push(...names.split(','));
  }
  return loaded.filter(isImageName);
}

function loadTrouble(file: string, why: string): Trouble {
  if (/no space left/i.test(why)) return new Trouble('no-space', { ref: file, why });
  return new Trouble('load-failed', { file, why });
}
