/** How an image came here, and the note that says so. */
import type { NoteKey } from './content-keys.ts';

export const HOW_NOTES = {
  local: 'image-local',
  pulled: 'image-pulled',
  mirror: 'image-mirror',
  tarball: 'image-tarball',
  built: 'image-built',
} as const satisfies Record<string, NoteKey>;

export type How = keyof typeof HOW_NOTES;

/** Null: a way that this version knows nothing of, from the journal of another. */
export function howNote(how: string): NoteKey | null {
  return how in HOW_NOTES ? HOW_NOTES[how as How] : null;
}
