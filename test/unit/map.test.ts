/** The map: what stands on it, where it stands, and how it is drawn, by pictures of worlds that no engine has to have. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { htmlOf } from '../../src/map/html.ts';
import schema from '../../src/map/map.schema.json' with { type: 'json' };
import { projectionOf } from '../../src/map/projection.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { svgOf } from '../../src/map/svg.ts';
import type { Picture, PictureOfContainer } from '../../src/world/picture.ts';
import { widthOf } from '../../src/wrap.ts';
import { attempt, container, DOOR, drawn, FULL, say, world } from '../map-of-test.ts';

const fits = new Ajv2020({ discriminator: true }).compile(schema);
describe('the projection', () => {
  test('is what its schema says, and each edge leads from a node to a node', () => {
    for (const picture of [world(), FULL]) {
      const map = projectionOf(picture);
      assert.ok(fits(map), JSON.stringify(fits.errors));
      const ids = map.nodes.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const { from, to } of map.edges)
        assert.ok(ids.includes(from) && ids.includes(to), `${from} → ${to}`);
    }
    const bad = { nodes: [{ id: 'x', kind: 'machine', place: 'nowhere', host: '' }], edges: [] };
    assert.ok(!fits(bad), 'the schema refuses what is no map');
  });

  test('is the same in whichever order engine and kernel list what is there', () => {
    const ports = [
      {
        number: 6700,
        listeners: [
          { process: 'docker-proxy', addresses: ['127.0.0.2'] },
          { process: 'docker-proxy', addresses: ['127.0.0.1', '::1'] },
        ],
      },
    ];
    const networks = [
      { name: 'bridge', address: '172.17.0.2' },
      { name: 'apart', address: '172.18.0.2' },
    ];
    const [full, ...rest] = FULL.containers;
    const listed = { ...FULL, ports, containers: [{ ...(full as PictureOfContainer), networks }, ...rest] };
    const mirrored = JSON.parse(JSON.stringify(listed), (key, value) =>
      /^(listeners|addresses|doors|networks|mounts|volumes)$/.test(key) && Array.isArray(value)
        ? value.toReversed()
        : value,
    ) as Picture;
    assert.notDeepEqual(mirrored, listed);
    assert.deepEqual(projectionOf(mirrored), projectionOf(listed));
  });

  test('says how far each try came: to a port, a socket file or a container, and through which port', () => {
    const { edges } = projectionOf(
      world({
        sockets: [{ path: '/tmp/.s.PGSQL.6700', there: false }],
        containers: [container('a', { doors: [DOOR] })],
        tries: [
          attempt('no-listener', { port: 5432, container: null }),
          attempt('no-file', { way: 'socket' }),
          attempt('at-door'),
          attempt('in', { way: 'inside', port: null }),
        ],
      }),
    );
    assert.deepEqual(
      edges.flatMap((edge) => (edge.kind === 'reaches' ? [[edge.from, edge.to, edge.via]] : [])),
      [
        ['try:1', 'port:5432', null],
        ['try:2', 'socket:/tmp/.s.PGSQL.6700', null],
        ['try:3', 'container:aaaaaaaaaaaa', 'port:6700'],
        ['try:4', 'container:aaaaaaaaaaaa', null],
      ],
    );
  });
});

describe('the drawing', () => {
  for (const language of ['en', 'zh'] as const) {
    test(`fits each width, in ${language}: borders stand in their columns, wide characters or not`, () => {
      for (const columns of [100, 80, 60, 50, 40]) {
        const lines = drawn(FULL, columns, language);
        for (const line of lines) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
        if (columns < 60) continue;
        const at = (line: string, mark: RegExp) => widthOf(line.slice(0, line.search(mark)));
        const borders = lines
          .filter((line) => /[┌└]/.test(line))
          .map((line) => [at(line, /[┌└]/), at(line, /[┐┘]/)]);
        assert.equal(borders.length, 6);
        assert.equal(new Set(borders.map(String)).size, 1, JSON.stringify(borders));
        const [[left = 0, right = 0] = []] = borders;
        // Within a box each line has both borders, the left one as a door or not.
        let isIn = false;
        for (const line of lines) {
          if (/[└]/.test(line)) isIn = false;
          if (isIn) {
            assert.match(
              [...line].reduce((s, c) => (widthOf(s) === left ? s : s + c), ''),
              /./,
            );
            assert.equal(at(line, /[│■](?=[^│]*│)/), left, line);
            assert.ok(widthOf(line) > right, line);
          }
          if (/┌/.test(line)) isIn = true;
        }
      }
    });
  }

  test('as a list cuts what is longer than the window, and says where each thing is inside', () => {
    const target = '/var/lib/postgresql/data';
    const mounts = [{ type: 'volume', source: 'v'.repeat(200), target }];
    const volumes = [
      { name: 'v'.repeat(200), anonymous: false, owned: 'run' as const, world: null, left: false },
    ];
    const lines = drawn(
      world({ containers: [container('a', { name: 'n'.repeat(199), mounts })], volumes }),
      40,
    );
    for (const line of lines) assert.ok(widthOf(line) <= 40, line);
    assert.ok(
      lines.some((line) => line.includes(target)),
      lines.join('\n'),
    );
  });

  test('says whose network a container shares, and that no door leads in only where the other has none', () => {
    const joined = container('b', { networks: [], inNetworkOf: 'a'.repeat(12) });
    const beside = (doors: PictureOfContainer['doors']) =>
      drawn(world({ containers: [container('a', { serves: null, stage: null, doors }), joined] }), 100).join(
        '\n',
      );
    assert.match(beside([DOOR]), /│ 5432 · ready +│/);
    assert.match(beside([DOOR]), /shares the network of nifty_a/);
    assert.doesNotMatch(beside([DOOR]), /no door/);
    assert.match(beside([]), /5432 no door · ready/);
    const alone = container('a', { networks: [{ name: 'none', address: null }] });
    assert.match(drawn(world({ containers: [alone] }), 100).join('\n'), /no network/);
  });

  test('tells of each way in words, and where it ended by its line', () => {
    const text = drawn(FULL, 100).join('\n');
    for (const told of [
      /\*:6700 docker-proxy ═+▶■ 5432 · ready/,
      /pglab: in ─+▶│/,
      /pg_hba line 128 ─+✕│/,
      /:5432 邮局/,
      /pglab: no file \.s\.PGSQL\.6700 ──✕/,
      /socket \/tmp\/\.s\.PGSQL\.5432/,
      /psql: from other/,
      /ended with 1/,
      /5432 door shut/,
      /ffffffffffff/,
      /left by doomed/,
      /containers 30 · volumes 2 · networks 1/,
      /● this run {2}◆ yours {2}○ somebody else's/,
    ])
      assert.match(text, told);
    assert.doesNotMatch(drawn(world(), 100).join('\n'), /[┌●]|of others/);
  });

  test('as SVG and as a page holds no markup of others, and nothing hidden', () => {
    const scene = sceneOf(projectionOf(FULL), { say: say('en') });
    for (const text of [svgOf(scene, 'en'), htmlOf(scene, 'en')]) {
      assert.doesNotMatch(text, /<img/);
      assert.match(text, /&lt;img src=x/);
      assert.doesNotMatch(text, /[\u001b\u202e]|<script|javascript:/);
      assert.match(text, /<title id="map-title">/);
      assert.match(text, /<desc id="map-desc">/);
    }
    assert.match(htmlOf(scene, 'en'), /default-src 'none'/);
  });

  test('as SVG says why one was refused to the end, and cuts no sentence of ours', () => {
    const refusals = [
      attempt('refused', { by: 'learner', what: 'postgres', way: null, port: null, cause: '28000' }),
    ];
    const many = [...refusals, attempt('refused', { line: 128, cause: '28P01' })];
    for (const language of ['en', 'zh'] as const) {
      const picture = world({ containers: [container('a', { doors: [DOOR] })], tries: many });
      const svg = svgOf(sceneOf(projectionOf(picture), { say: say(language) }), language);
      const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, each]) => each ?? '');
      assert.ok(
        texts.some((each) => each.includes('28000')),
        texts.join('\n'),
      );
      assert.doesNotMatch(texts.join('\n'), /…/);
    }
  });

  test('as SVG draws what two containers share once, with a line from each', () => {
    const mounts = [{ type: 'volume', source: 'data', target: '/data' }];
    const shared = world({
      containers: [container('a', { mounts }), container('b', { mounts })],
      volumes: [{ name: 'data', anonymous: false, owned: 'run', world: null, left: false }],
    });
    const svg = svgOf(sceneOf(projectionOf(shared), { say: say('en') }), 'en');
    assert.equal(svg.match(/class="store"/g)?.length, 1);
    assert.equal(svg.match(/class="join"/g)?.length, 2);
  });
});
