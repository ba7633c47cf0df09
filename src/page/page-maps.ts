/** Maps as the page shows them: the world as it is now, and beside what a step teaches the part that it changed. */
import type { Standing } from '../journal/standing.ts';
import type { Content } from '../lab/content.ts';
import type { Lab } from '../lab/model.ts';
import { roleInBrief, rolesOf } from '../lab/roles.ts';
import { listOf } from '../map/listed.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { sceneOf, type Told } from '../map/scene.ts';
import { mapOfPart } from '../map/seen-part.ts';
import { svgOf } from '../map/svg.ts';
import type { Telling } from './page-texts.ts';
import type { PageMap } from './page-view.ts';

/** `id`: of the picture within the page. */
export function drawnMap(
  content: Content,
  lab: Lab,
  world: WorldMap,
  { id, ...told }: Pick<Told, 'places' | 'brief'> & { id?: string },
): PageMap {
  const say = content.say.bind(content, 'messages');
  const roles = rolesOf(lab);
  const scene = sceneOf(world, { say, named: (name) => roleInBrief(roles, name, say), ...told });
  return {
    title: scene.title,
    svg: svgOf(scene, content.language, { ...(id && { id }), styled: false }),
    listed: listOf(scene, { columns: 200, paint: (_, text) => text, bare: true }),
  };
}

/** As the journal has kept it; null where the step changed none of it. */
export function partOf({ lab, content, step }: Telling, standing: Standing): PageMap | null {
  const { seen, atEnd } = standing.step(step.id);
  const theirs = standing.things.ofTheLearner();
  const part = mapOfPart(lab, step, { seen, judged: atEnd.values(), theirs, pin: standing.pin });
  return part && drawnMap(content, lab, part, { id: 'part', brief: true });
}
