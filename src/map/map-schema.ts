/**
 * The one source of what a map is: its type, and the JSON Schema that the package exports. It is loaded by `npm run
 * schemas` alone; the program knows it by its types.
 */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';

const text = Type.String();
const flag = Type.Boolean();
const port = Type.Integer({ minimum: 0, maximum: 65_535 });
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const orNull = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);
const closed = <T extends TProperties>(fields: T) => Type.Object(fields, { additionalProperties: false });
const owned = Type.Enum(['run', 'learner', 'other']);
const protocol = Type.Enum(['tcp', 'udp']);

/** What stands on a map, by its kind. `id` is the map's own, like `container:3ac6e6a43546`. */
const NODES = {
  /** Where the engine's ports are: `here` is this machine. */
  machine: { place: Type.Enum(['here', 'elsewhere', 'around']), host: text },
  /** A port of that machine. `listeners`: empty where nobody listens, null where that cannot be seen from here. */
  port: {
    number: port,
    listeners: orNull(Type.Array(closed({ process: orNull(text), addresses: Type.Array(text) }))),
  },
  /** A socket file of this machine, there or not. */
  socket: { path: text, there: flag },
  /**
   * `world`: its name in the lab. `serves`: the port inside. `since`: when it was last started (ended, or
   * made), RFC 3339. `exitCode`: of one that has ended.
   */
  container: {
    ...{ short: text, name: text, world: orNull(text), owned },
    ...{
      image: text,
      major: orNull(whole),
      state: text,
      since: orNull(text),
      exitCode: orNull(Type.Integer()),
    },
    ...{
      serves: orNull(port),
      stage: orNull(Type.Enum(['setting-up', 'temporary', 'starting', 'ready', 'ending'])),
    },
    ...{ socket: orNull(flag), hostNetwork: flag },
    /** Ports inside that were to be published, and lead nobody in: it does not run, or only UDP goes through. */
    shut: Type.Array(closed({ inside: port, protocol })),
  },
  network: { name: text },
  /** `left`: no container has it. */
  volume: { name: text, anonymous: flag, owned, world: orNull(text), left: flag },
  folder: { path: text },
  /**
   * A way to a server that was tried, and where that ended. `line`: of the server's rules (pg_hba.conf). `way`: null where it is
   * not known.
   */
  try: {
    ...{
      what: text,
      by: Type.Enum(['pglab', 'learner']),
      way: orNull(Type.Enum(['port', 'socket', 'inside', 'own-address'])),
    },
    end: Type.Enum(['no-listener', 'no-file', 'no-way', 'at-door', 'not-ready', 'refused', 'in']),
    ...{ cause: orNull(text), line: orNull(whole) },
  },
  /** A connection that is open now. `from`: an address, or the name of another container. */
  client: {
    application: text,
    way: Type.Enum(['port', 'socket', 'loopback', 'own-address', 'sibling']),
    from: text,
  },
  /** What else is on the engine, counted. */
  others: { containers: whole, volumes: whole, networks: whole },
} satisfies Record<string, TProperties>;

/** Who leads where, by the ids of nodes. */
const EDGES = {
  /** From a port to a container. `inside`: the port that it leads to; `ip`: the address that is listened on. */
  leads: { inside: port, ip: text },
  /** From a container to a network, or to the container whose network it shares: that one's doors lead to both. */
  joins: { address: orNull(text) },
  /** From a container to a volume or a folder; `target`: where it is inside. */
  mounts: { target: text },
  /** From a try, or a client, to what it came to. `via`: the port that it came through. */
  reaches: { via: orNull(text) },
} satisfies Record<string, TProperties>;

type NodesOf<T extends Record<string, TProperties>> = {
  [K in keyof T]: { id: string; kind: K } & Static<Type.TObject<T[K]>>;
}[keyof T];
type EdgesOf<T extends Record<string, TProperties>> = {
  [K in keyof T]: { from: string; to: string; kind: K } & Static<Type.TObject<T[K]>>;
}[keyof T];

export type MapNode = NodesOf<typeof NODES>;

/** The nodes of one kind: `NodeOf<'container'>`. */
export type NodeOf<K extends MapNode['kind']> = Extract<MapNode, { kind: K }>;
export type MapEdge = EdgesOf<typeof EDGES>;

/** Nodes in the order of their places: what is older comes first. */
export interface WorldMap {
  nodes: MapNode[];
  edges: MapEdge[];
}

export function mapSchema(): Record<string, unknown> {
  const oneOf = (kinds: Record<string, TProperties>, first: TProperties) => ({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: Object.entries(kinds).map(([kind, fields]) => ({
      title: kind,
      ...closed({ ...first, kind: Type.Literal(kind), ...fields }),
    })),
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab map',
    description: 'The key `map` of what `pglab map --format json` prints.',
    type: 'object',
    required: ['nodes', 'edges'],
    additionalProperties: false,
    properties: {
      nodes: { type: 'array', items: oneOf(NODES, { id: text }) },
      edges: { type: 'array', items: oneOf(EDGES, { from: text, to: text }) },
    },
  };
}
