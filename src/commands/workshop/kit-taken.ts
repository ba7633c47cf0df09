import { existsSync } from 'node:fs';
import { loadTarball } from '../../image/loading.ts';
import { nameByMajor, tarballOf } from '../../image/obtain.ts';
import { officialName } from '../../image/reference.ts';
import { sha256Of } from '../../image/tarball.ts';
import { makeFolder } from '../../own-files.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';
import { type PackedImage, requireKit } from '../../workshop/kit/kit-list.ts';
import { unpackImage } from '../../workshop/kit/unpacked-image.ts';
import type { Desk } from '../desk.ts';
import { sourcesOf } from '../image-sources.ts';
import { engineFor } from '../reach-engine.ts';

/**
 * Takes the images of a kit to where pglab keeps tarballs, and gives them to the engine where one answers: `next` finds them
 * in either place. Returns the names of those that the engine has now. Trouble `kit-missing`, `kit-wrong`.
 */
export async function takeKitImages(desk: Desk, folder: string): Promise<string[]> {
  const { settings } = desk;
  const kit = requireKit(folder);
  const images = kit.files.filter((file): file is PackedImage => file.kind === 'image');
  const engine = await engineFor(settings).catch((error) =>
    error instanceof Trouble ? null : Promise.reject(error),
  );
  const loaded: string[] = [];
  for (const image of images) {
    const tar = tarballOf(settings.tarballs, image.major);
    if (!existsSync(tar) || (await sha256Of(tar)) !== image.tarSha256)
      await unpacked(desk, folder, image, tar);
    const ref = officialName(image.major);
    const isThere = engine && (await engine.image(ref)) !== null;
    if (!engine || isThere) continue;
    const { own } = sourcesOf(settings);
    const { image: got } = await loadTarball(engine, tar, {
      ref,
      major: image.major,
      own,
    });
    await nameByMajor(engine, got, own);
    loaded.push(ref);
  }
  return loaded;
}

async function unpacked(
  { settings, screen, content }: Desk,
  folder: string,
  image: PackedImage,
  tar: string,
) {
  screen.aside(content.say('messages', 'kit-unpacking', { file: image.name }));
  try {
    makeFolder(settings.tarballs);
  } catch (cause) {
    throw homeTrouble(settings.tarballs, cause);
  }
  await unpackImage(folder, image, tar);
}
