/** Takes away the images that this home's pglab got, by the names that it gave them, and proves it. */
import type { Engine, ListedContainer } from '../engine/types.ts';
import { familiarName, withTag } from '../grammar.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { builtTag } from './build.ts';
import type { OwnImages } from './own-images.ts';

export interface OwnImage {
  id: string;
  /** Names that pglab gave it: those that go. */
  names: string[];
  /** Names that it has besides: with one of them the image stays. */
  others: string[];
  postgresMajor: number | null;
  /** Bytes, as `docker image ls` shows them. */
  size: number;
  /** Containers that were made from it. */
  users: ListedContainer[];
}

export interface ImageRemoval {
  removed: OwnImage[];
  failed: { name: string; why: string }[];
}

/**
 * The images of this engine that have a name of ours, one row each. `refs`: only under these names, which may also be
 * those of an image that some pglab built; Trouble `image-not-ours` else. Nothing is written.
 */
export async function ownImages(
  engine: Engine,
  own: OwnImages,
  refs: readonly string[] = [],
): Promise<OwnImage[]> {
  const given = own.on(engine);
  const all = await engine.images();
  const containers = await engine.listed();
  const wanted = refs.map((ref) => withTag(familiarName(ref)));
  const isGiven = (name: string, id: string) => given.get(name) === id;
  const found = all.flatMap((image): OwnImage[] => {
    const { id, tags, size, postgresMajor, labels } = image;
    const isBuilt = postgresMajor !== null && labels['pglab.image'] === String(postgresMajor);
    const ofOurs = [...tags, ...[...given.keys()].filter((name) => name.includes('@'))].filter((name) =>
      isGiven(name, id),
    );
    // A label may be anybody's: with the very name that is pglab's alone, it will do where it is asked for.
    const builtName = postgresMajor === null ? '' : builtTag(postgresMajor);
    const named = wanted.filter((name) => tags.includes(name) && isBuilt && name === builtName);
    const names = [...new Set([...ofOurs, ...named])].filter(
      (name) => refs.length === 0 || wanted.includes(withTag(name)),
    );
    if (names.length === 0) return [];
    const others = tags.filter((name) => !names.includes(name));
    const users = containers.filter(({ imageId }) => imageId === id);
    return [{ id, names, others, postgresMajor, size, users }];
  });
  for (const [at, name] of wanted.entries())
    if (!found.some(({ names }) => names.some((each) => withTag(each) === name)))
      throw new Trouble('image-not-ours', { ref: refs[at] as string });
  return found;
}

/** Name by name, each looked at once more; what it comes to afterwards is asked of the engine. */
export async function removeImages(
  engine: Engine,
  own: OwnImages,
  images: readonly OwnImage[],
): Promise<ImageRemoval> {
  const outcome: ImageRemoval = { removed: [], failed: [] };
  for (const image of images) {
    const failed: ImageRemoval['failed'] = [];
    for (const name of image.names) {
      const why = await removeName(engine, image.id, name);
      if (why !== null) failed.push({ name, why });
      else own.taken(engine, image.id, [name]);
    }
    outcome.failed.push(...failed);
    if (failed.length === 0) outcome.removed.push(image);
  }
  return outcome;
}

/** Null: it is no name of this image any more. Else why it still is. */
async function removeName(engine: Engine, id: string, name: string): Promise<string | null> {
  const isStill = async () => (await engine.image(name))?.id === id;
  // Another image may have the name by now: that one is not meant.
  if (!(await isStill())) return null;
  try {
    await engine.removeImage(name);
  } catch (error) {
    return error instanceof Trouble ? String(error.values.why ?? error.code) : messageOf(error);
  }
  return (await isStill()) ? '' : null;
}
