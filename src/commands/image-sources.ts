import { OwnImages } from '../image/own-images.ts';
import type { Settings } from './settings.ts';

/** Where images come from, and where it is written down which were got. */
export function sourcesOf({ mirror, tarballs, home }: Settings) {
  return { mirror, tarballs, own: new OwnImages(home) };
}
