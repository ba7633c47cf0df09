/** Holds a map against what the engine's own client says, by code that is not the map's. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../src/map/map.schema.json' with { type: 'json' };
import type { MapEdge, MapNode, WorldMap } from '../../src/map/map-schema.ts';
import type { TestLab } from './lab.ts';

const fits = new Ajv2020({ discriminator: true }).compile(schema);

type NodeOf<K extends MapNode['kind']> = Extract<MapNode, { kind: K }>;
/** All nodes of this kind. */
export const all = <K extends MapNode['kind']>({ nodes }: WorldMap, kind: K) =>
  nodes.filter((node): node is NodeOf<K> => node.kind === kind);
/** What leads from a port of this machine into a container. */
export const leads = ({ edges }: WorldMap) =>
  edges.filter((edge): edge is Extract<MapEdge, { kind: 'leads' }> => edge.kind === 'leads');

/** As `docker inspect` prints it, as far as it is read here. */
interface Inspected {
  Id: string;
  Name: string;
  Created: string;
  State: { Status: string; ExitCode: number; StartedAt: string; FinishedAt: string };
  Config: { Image: string };
  HostConfig: { NetworkMode: string };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string }[];
  NetworkSettings: {
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null>;
    Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string }>;
  };
}

/** Its networks with its addresses there, and what is mounted into it where. */
function judgedPlaces(node: { id: string; name: string }, told: Inspected, map: WorldMap): void {
  const from = map.edges.filter(({ from }) => from === node.id);
  const [, host] = /^container:(.{12})/.exec(told.HostConfig.NetworkMode) ?? [];
  const networks = Object.entries(told.NetworkSettings.Networks).map(
    ([name, { IPAddress, GlobalIPv6Address }]) => `network:${name} ${IPAddress || GlobalIPv6Address}`,
  );
  assert.deepEqual(
    from.flatMap((edge) => (edge.kind === 'joins' ? `${edge.to} ${edge.address ?? ''}` : [])).sort(),
    [...networks, ...(host === undefined ? [] : [`container:${host} `])].sort(),
  );
  const mounts = told.Mounts.map(
    ({ Type, Name, Source, Destination }) =>
      `${Type === 'volume' ? `volume:${Name}` : `folder:${Source}`} ${Destination}`,
  );
  assert.deepEqual(
    from.flatMap((edge) => (edge.kind === 'mounts' ? `${edge.to} ${edge.target}` : [])).sort(),
    mounts.sort(),
    node.name,
  );
}

/** What stands on the map of each container is what the engine's own client says of it. */
export async function judged(lab: TestLab, map: WorldMap): Promise<void> {
  const isMap: boolean = fits(map);
  assert.ok(isMap, JSON.stringify(fits.errors));
  const ids = (await lab.docker('ps', '-aq', '--no-trunc')).split('\n').filter(Boolean);
  const inspected = ids.length === 0 ? [] : (JSON.parse(await lab.docker('inspect', ...ids)) as Inspected[]);
  const drawn = all(map, 'container');
  assert.equal(all(map, 'others')[0]?.containers, ids.length - drawn.length);
  for (const node of drawn) {
    const told = inspected.find(({ Id }) => Id.startsWith(node.short));
    assert.ok(told, node.short);
    assert.equal(node.name, told.Name.slice(1));
    assert.equal(node.state, told.State.Status);
    assert.equal(node.exitCode, told.State.Status === 'exited' ? told.State.ExitCode : null);
    const doors = Object.entries(told.NetworkSettings.Ports ?? {}).flatMap(([port, hosts]) =>
      port.endsWith('/udp')
        ? []
        : (hosts ?? []).map(
            ({ HostIp, HostPort }) => `port:${HostPort} ${HostIp} ${Number.parseInt(port, 10)}`,
          ),
    );
    const edges = leads(map).filter(({ to }) => to === node.id);
    assert.deepEqual(
      edges.map(({ from, ip, inside }) => `${from} ${ip} ${inside}`).sort(),
      doors.sort(),
      node.name,
    );
    const { Status, StartedAt, FinishedAt } = told.State;
    const since = Status === 'created' ? told.Created : Status === 'exited' ? FinishedAt : StartedAt;
    assert.deepEqual(
      [node.image, node.hostNetwork, Date.parse(node.since ?? '')],
      [told.Config.Image, told.HostConfig.NetworkMode === 'host', Date.parse(since)],
    );
    judgedPlaces(node, told, map);
  }
}
