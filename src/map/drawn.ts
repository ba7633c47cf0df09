/** How a map is drawn as text, and by which mark it is seen whose a container is. */
import { clipped, widthOf, wrap } from '../wrap.ts';
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

/** Also where a word, a path, is longer than the lane: it is cut into pieces of its width. */
export function wrapped(text: string, room: number): string[] {
  return wrap(text, room).flatMap((line) => {
    const pieces: string[] = [];
    let piece = '';
    for (const character of line) {
      if (widthOf(piece + character) > room) {
        pieces.push(piece);
        piece = '';
      }
      piece += character;
    }
    return [...pieces, piece];
  });
}
