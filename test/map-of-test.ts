/** Pictures of worlds that no engine has to have, for unit tests of the map. */
import { Content } from '../src/lab/content.ts';
import type { Drawn } from '../src/map/drawn.ts';
import { textOf } from '../src/map/lanes.ts';
import { projectionOf } from '../src/map/projection.ts';
import { sceneOf } from '../src/map/scene.ts';
import type { Picture, PictureOfContainer, PictureOfTry } from '../src/world/picture.ts';

export const say = (language: 'en' | 'zh') => {
  const content = new Content(language, '');
  return content.say.bind(content, 'messages');
};
export const plain: Drawn['paint'] = (_, text) => text;

export function container(id: string, of: Partial<PictureOfContainer> = {}): PictureOfContainer {
  return {
    ...{ id: id.repeat(12), name: `nifty_${id}`, world: null, owned: 'run', image: 'postgres', major: 17 },
    ...{ state: 'running', since: '2026-11-26T20:41:00Z', exitCode: null, doors: [], serves: 5432 },
    ...{ stage: 'ready', socket: true, onHostNetwork: false, inNetworkOf: null, mounts: [], clients: [] },
    networks: [{ name: 'bridge', address: '172.17.0.2' }],
    ...of,
  };
}

export function world(of: Partial<Picture> = {}): Picture {
  return {
    place: { is: 'here', host: '127.0.0.1' },
    ...{ ports: [], sockets: [], containers: [], volumes: [], tries: [] },
    others: { containers: 0, volumes: 0, networks: 0 },
    ...of,
  };
}

export const DOOR = { inside: 5432, protocol: 'tcp', host: 6700, ip: '0.0.0.0' } as const;
const PORT = { number: 6700, listeners: [{ process: 'docker-proxy', addresses: ['0.0.0.0'] }] };

export function attempt(end: PictureOfTry['end'], of: Partial<PictureOfTry> = {}): PictureOfTry {
  const shared = { what: 'answers', by: 'pglab', way: 'port', port: 6700, cause: null, line: null } as const;
  return { ...shared, end, container: 'a'.repeat(12), ...of };
}

export const drawn = (picture: Picture, columns: number, language: 'en' | 'zh' = 'en') =>
  textOf(sceneOf(projectionOf(picture), { say: say(language) }), { columns, paint: plain });

/** What somebody may have named their things to trouble others. */
const EVIL = '<img src=x onerror="alert(1)">&\u001b[2J\u202e中';

/** One of everything, with hostile texts and wide ones. */
export const FULL = world({
  ports: [PORT, { number: 5432, listeners: [{ process: '邮局', addresses: ['127.0.0.1'] }] }],
  sockets: [
    { path: '/tmp/.s.PGSQL.5432', there: true },
    { path: '/tmp/.s.PGSQL.6700', there: false },
  ],
  containers: [
    container('a', {
      ...{ name: EVIL, world: 'mapped', doors: [DOOR, { ...DOOR, ip: '::' }] },
      mounts: [
        { type: 'volume', source: 'data', target: '/var/lib/postgresql/data' },
        { type: 'bind', source: `/srv/${EVIL}/卷`, target: '/docker-entrypoint-initdb.d' },
      ],
      clients: [
        { application: EVIL, way: 'port', from: '172.17.0.1' },
        { application: 'psql', way: 'sibling', from: 'other' },
      ],
    }),
    container('b', { owned: 'learner', state: 'exited', exitCode: 1, doors: [{ ...DOOR, host: null }] }),
    container('c', { owned: 'other', major: null, serves: null, stage: null, socket: null }),
  ],
  volumes: [
    { name: 'data', anonymous: false, owned: 'run', world: 'data', left: false },
    { name: 'f'.repeat(64), anonymous: true, owned: 'run', world: 'doomed', left: true },
  ],
  tries: [
    attempt('in'),
    attempt('refused', { by: 'learner', what: EVIL, line: 128 }),
    attempt('no-file', { way: 'socket' }),
  ],
  others: { containers: 30, volumes: 2, networks: 1 },
});
