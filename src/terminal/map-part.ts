/** The part of the map that a step has changed, beneath its explanation. */
import type { JournalEvent, Judged } from '../journal/events.ts';
import type { Step } from '../lab/model.ts';
import { roleInBrief, rolesOf } from '../lab/roles.ts';
import { textOf } from '../map/lanes.ts';
import { listOf } from '../map/listed.ts';
import { sceneOf } from '../map/scene.ts';
import { mapOfPart } from '../map/seen-part.ts';
import type { Drawing } from './drawing.ts';
import { paintOn } from './map-paint.ts';

/** A picture of more lines would hide the words that it stands beside: then it is a list. */
const MOST_LINES = 24;

/** Nothing where the step is about no part of it, or nothing was seen. */
export function drawMapPart(
  { screen, content, lab, standing }: Drawing,
  step: Step,
  seen: Extract<JournalEvent, { type: 'seen' }> | null,
  judged: readonly Judged[],
): void {
  const { pin, things } = standing();
  const map = mapOfPart(lab, step, { seen, judged, theirs: things.ofTheLearner(), pin });
  if (map === null) return;
  const say = content.say.bind(content, 'messages');
  const roles = rolesOf(lab);
  const named = (world: string) => roleInBrief(roles, world, say);
  const scene = sceneOf(map, { say, named, brief: true });
  const drawn = { columns: screen.columns, paint: paintOn(screen), bare: true };
  const whole = textOf(scene, drawn);
  const lines = whole.length > MOST_LINES ? listOf(scene, drawn).slice(0, MOST_LINES) : whole;
  screen.line();
  for (const line of lines) screen.line(line);
}
