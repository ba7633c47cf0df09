/** How a map is drawn as text, and by which mark it is seen whose a container is. */
import { clipped, widthOf } from '../wrap.ts';
import type { Tone } from './try-words.ts';

export const MARKS = { run: '●', learner: '◆', other: '○' } as const;

/** Paints a text of our own; without colour it gives it back as it is. */
export type Paint = (tone: Tone | 'head', text: string) => string;

export interface Drawn {
  columns: number;
  paint: Paint;
  /** Without a title, a legend and what others have: a part of a map, beside a text. */
  bare?: boolean;
}

/** Of a path the end tells more than the beginning. */
export function clippedInFront(text: string, room: number): string {
  if (widthOf(text) <= room || !text.startsWith('/')) return clipped(text, room);
  let kept = '';
  for (const character of [...text].reverse()) {
    if (widthOf(character + kept) > room - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}
