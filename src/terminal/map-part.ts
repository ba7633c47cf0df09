/** The part of the map that a step has changed, beneath its explanation. */
import type { JournalEvent, Judged } from '../journal/events.ts';
import type { Step } from '../lab/model.ts';
import { textOf } from '../map/lanes.ts';
import { projectionOf } from '../map/projection.ts';
import { sceneOf } from '../map/scene.ts';
import { pictureOfPart } from '../map/seen-part.ts';
import type { Drawing } from './drawing.ts';
import { paintOn } from './map-paint.ts';

/** A picture of more lines would hide the words that it stands beside. */
const MOST_LINES = 12;

/** Nothing where the step is about no part of it, or nothing was seen. */
export function drawMapPart(
  { screen, content, lab }: Drawing,
  { draws = [] }: Step,
  seen: Extract<JournalEvent, { type: 'seen' }> | null,
  judged: readonly Judged[],
): void {
  if (draws.length === 0 || seen === null) return;
  const part = { names: draws, serves: lab.settings.service?.port ?? null };
  const scene = sceneOf(projectionOf(pictureOfPart(seen, judged, part)), {
    say: content.say.bind(content, 'messages'),
    brief: true,
  });
  const { columns } = screen;
  const lines = textOf(scene, { columns, paint: paintOn(screen), bare: true }).slice(0, MOST_LINES);
  screen.line();
  for (const line of lines) screen.line(line);
}
