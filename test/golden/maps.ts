/**
 * Maps of real worlds as they are kept beside the tests, in `maps/`: text, JSON and SVG, with ids, addresses, times and
 * folders that are the same each time. `PGLAB_DRAW_MAPS=1` writes them anew, where else they are compared.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { roleInBrief, rolesOf } from '../../src/lab/roles.ts';
import { textOf } from '../../src/map/lanes.ts';
import type { MapNode, WorldMap } from '../../src/map/map-schema.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { svgOf } from '../../src/map/svg.ts';
import { openStage } from '../replay.ts';

const FOLDER = join(import.meta.dirname, 'maps');
const COLUMNS = 100;
const stages = await Promise.all(
  LANGUAGES.map(async (language) => ({ language, ...(await openStage(language)) })),
);

/** What is another each time: the home's folder, and how many volumes of others were there before. */
interface Around {
  home: string;
  left: number;
}

/** Holds the drawings of this world against those that are kept. */
export function asKept(world: string, map: WorldMap, around: Around): void {
  const steady = steadied(map, around);
  const drawn: [string, string][] = [['json', `${JSON.stringify(steady, null, 2)}\n`]];
  for (const { language, lab, content } of stages) {
    const say = content.say.bind(content, 'messages');
    const named = (name: string) => roleInBrief(rolesOf(lab), name, say);
    const scene = sceneOf(steady, { say, named, now: new Date('2026-11-27T12:00:00') });
    const text = textOf(scene, { columns: COLUMNS, paint: (_, words) => words });
    drawn.push([`${language}.txt`, `${text.join('\n')}\n`]);
    if (language === LANGUAGES[0]) drawn.push(['svg', `${svgOf(scene, language)}\n`]);
  }
  for (const [ending, text] of drawn) {
    const file = join(FOLDER, `${world.replace(/[^a-zA-Z0-9]+/g, '-').toLowerCase()}.${ending}`);
    if (process.env.PGLAB_DRAW_MAPS) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, text);
    } else assert.equal(text, readFileSync(file, 'utf8'), file);
  }
}

/** The same map, with what differs from run to run in an order of its own; times without a zone, as they are shown in ours. */
function steadied(map: WorldMap, { home, left }: Around): WorldMap {
  const text = [
    { each: /\b[0-9a-f]{64}\b/g, as: (at: number) => hex(at, 64) },
    { each: /\b[0-9a-f]{12}\b/g, as: (at: number) => hex(at, 12) },
    // Docker draws a network's addresses from any of its pools; see RFC 1918.
    { each: /\b(?:10|172|192\.168)(?:\.\d+){2,3}\b/g, as: (at: number) => `172.17.0.${at + 1}` },
    { each: /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, as: () => '2026-11-27T09:00:00' },
    { each: /"line":\d+/g, as: () => '"line":128' },
  ].reduce(
    (rest, { each, as }) => {
      const seen: string[] = [];
      return rest.replace(each, (found) => {
        if (!seen.includes(found)) seen.push(found);
        return as(seen.indexOf(found) + 1);
      });
    },
    // Numbered in the order of who has them: an engine lists volumes by names that it drew.
    JSON.stringify({ edges: map.edges, nodes: map.nodes.map((node) => withoutLeft(node, left)) }).replaceAll(
      home,
      '/home/learner/pglab',
    ),
  );
  const { nodes, edges } = JSON.parse(text) as WorldMap;
  const volumes = nodes.filter(({ kind }) => kind === 'volume').sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    nodes: nodes.map((node) => (node.kind === 'volume' ? (volumes.shift() as typeof node) : node)),
    edges,
  };
}

function withoutLeft(node: MapNode, left: number): MapNode {
  return node.kind === 'others' ? { ...node, volumes: node.volumes - left } : node;
}

function hex(at: number, length: number): string {
  return at
    .toString(16)
    .padStart(2, '0')
    .repeat(length / 2);
}
