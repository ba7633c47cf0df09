import { tarballOf, tarballsIn } from '../../image/obtain.ts';
import { DEFAULT_IMAGE } from '../../image/reference.ts';
import { loadLab } from '../../lab/load.ts';
import { Trouble } from '../../trouble.ts';
import type { Desk } from '../desk.ts';
import { saveTarball } from '../image.ts';
import { engineFor } from '../reach-engine.ts';

/**
 * The tarballs that are kept here; and where the lab's image is not among them, one saved from the engine first. Trouble
 * `kit-no-image` where there is none at all.
 */
export async function imagesForKit(desk: Desk): Promise<{ major: number; file: string }[]> {
  const { settings, content, screen } = desk;
  const kept = tarballsIn(settings.tarballs);
  const lab = await loadLab(desk.folders);
  const ref = settings.image ?? lab.settings.image ?? DEFAULT_IMAGE;
  const engine = await engineFor(settings).catch((error) =>
    error instanceof Trouble ? null : Promise.reject(error),
  );
  const image = engine && (await engine.image(ref));
  const major = image?.postgresMajor ?? null;
  if (engine && major !== null && !kept.some((each) => each.major === major)) {
    const file = tarballOf(settings.tarballs, major);
    screen.aside(content.say('messages', 'kit-saving', { ref }));
    await saveTarball(engine, ref, file);
    kept.push({ major, file });
  }
  if (kept.length === 0) throw new Trouble('kit-no-image', { ref });
  return kept;
}
