/** The map of real worlds, each held against what `docker inspect` and the kernel say. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { textOf } from '../../src/map/lanes.ts';
import type { WorldMap } from '../../src/map/map-schema.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { svgOf } from '../../src/map/svg.ts';
import { asKept } from '../golden/maps.ts';
import { all, judged } from './map-judge.ts';
import { MapMaker } from './mapped/map-maker.ts';
import { MAPPED_OWNERS } from './mapped/mapped-owners.ts';
import { MAPPED_PORTS } from './mapped/mapped-ports.ts';
import { MAPPED_STATES } from './mapped/mapped-states.ts';

const content = new Content('en', '');
const say = content.say.bind(content, 'messages');

describe('the map of a real world', () => {
  const maker = new MapMaker();
  const { lab } = maker;
  before(() => maker.begin());
  after(() => lab.end());

  for (const { name, make, look, env = {} } of [...MAPPED_STATES, ...MAPPED_PORTS, ...MAPPED_OWNERS])
    test(name, async () => {
      const before = { ...lab.env };
      Object.assign(lab.env, env);
      try {
        await make(maker);
        const { map, code } = (await lab.json('map')) as unknown as { map: WorldMap; code: number };
        assert.equal(code, 0);
        await judged(lab, map);
        await look?.(map, lab);
        asKept(name, map, { home: lab.home, left: maker.left });
        const scene = sceneOf(map, { say });
        const text = textOf(scene, { columns: 100, paint: (_, words) => words }).join('\n');
        for (const { short } of all(map, 'container'))
          for (const drawing of [text, svgOf(scene, 'en')]) assert.ok(drawing.includes(short), drawing);
      } finally {
        for (const key of Object.keys(env)) delete lab.env[key];
        Object.assign(lab.env, before);
        await maker.takeAway();
      }
    });
});
