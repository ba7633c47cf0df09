/** The API's answers as our plain data. Reads only fields that every API from 1.41 on has. */
import type Docker from 'dockerode';
import type { Container, EngineEvent, Image, LabelFilter, ListedContainer } from './types.ts';

export function toListed(raw: Docker.ContainerInfo): ListedContainer {
  return {
    id: raw.Id,
    name: nameOf(raw.Names[0]),
    imageId: raw.ImageID,
    imageRef: raw.Image,
    status: statusIn(raw.State),
    created: new Date(raw.Created * 1000).toISOString(),
    labels: raw.Labels ?? {},
    bindings: (raw.Ports ?? []).flatMap(({ IP, PrivatePort, PublicPort }) =>
      PublicPort ? [{ containerPort: PrivatePort, hostIp: IP || '0.0.0.0', hostPort: PublicPort }] : [],
    ),
    mounts: (raw.Mounts ?? []).map(toMount),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
    addresses: addressesOn(raw.NetworkSettings?.Networks),
  };
}

/** Podman's list has words of its own for two states, its inspection has Docker's. */
function statusIn(state: string): ListedContainer['status'] {
  const docker: Record<string, ListedContainer['status']> = { stopped: 'exited', stopping: 'running' };
  return docker[state] ?? (state as ListedContainer['status']);
}

function nameOf(name = ''): string {
  return name.replace(/^\//, '');
}

/** A volume goes by its name; what has none is a path of the host. */
function toMount(mount: { Type?: string; Name?: string | undefined; Source: string; Destination: string }) {
  return { type: mount.Type ?? 'bind', source: mount.Name || mount.Source, target: mount.Destination };
}

function addressesOn(networks: Record<string, { IPAddress: string }> | null | undefined): string[] {
  return Object.values(networks ?? {}).flatMap(({ IPAddress }) => (IPAddress ? [IPAddress] : []));
}

export function toContainer(raw: Docker.ContainerInspectInfo): Container {
  return {
    id: raw.Id,
    name: nameOf(raw.Name),
    imageId: raw.Image,
    imageRef: raw.Config.Image,
    status: raw.State.Status as Container['status'],
    exitCode: raw.State.ExitCode,
    error: raw.State.Error,
    oomKilled: raw.State.OOMKilled,
    restartCount: raw.RestartCount ?? 0,
    created: raw.Created,
    startedAt: raw.State.StartedAt,
    labels: raw.Config.Labels ?? {},
    env: asRecord(raw.Config?.Env),
    exposed: Object.keys(raw.Config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
    bindings: toBindings(raw.NetworkSettings.Ports),
    requested: toBindings(raw.HostConfig.PortBindings),
    mounts: raw.Mounts.map(toMount),
    networks: Object.keys(raw.NetworkSettings.Networks ?? {}),
    addresses: addressesOn(raw.NetworkSettings.Networks),
    onHostNetwork: raw.HostConfig.NetworkMode === 'host',
    attachable: raw.Config.AttachStdout,
    command: [raw.Path, ...raw.Args],
  };
}

type RawBindings = Record<string, { HostIp?: string; HostPort?: string }[] | null | undefined>;

function toBindings(ports: RawBindings | null | undefined): Container['bindings'] {
  return Object.entries(ports ?? {}).flatMap(([port, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => ({
      containerPort: Number.parseInt(port, 10),
      hostIp: HostIp || '0.0.0.0',
      hostPort: Number(HostPort),
    })),
  );
}

export function toImage(raw: Docker.ImageInspectInfo): Image {
  const env = asRecord(raw.Config?.Env);
  const major = Number(env.PG_MAJOR);
  return {
    id: raw.Id,
    tags: raw.RepoTags ?? [],
    size: raw.Size,
    // Images that are built to be reproducible may have no date.
    created: raw.Created ?? '',
    postgresMajor: Number.isInteger(major) && major > 0 ? major : null,
    volumeTargets: Object.keys(raw.Config?.Volumes ?? {}),
    env,
    labels: raw.Config?.Labels ?? {},
  };
}

interface RawEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: Record<string, string> };
  timeNano: number;
}

export function toEvent(raw: RawEvent): EngineEvent {
  return {
    type: raw.Type,
    action: raw.Action,
    id: raw.Actor.ID,
    attributes: raw.Actor.Attributes ?? {},
    at: raw.timeNano / 1e6,
  };
}

function asRecord(pairs: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (pairs ?? []).map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** As the API takes it in its questions. */
export function asFilter(labels: LabelFilter): string {
  const label = Object.entries(labels).map(([key, value]) => (value === null ? key : `${key}=${value}`));
  return JSON.stringify(label.length > 0 ? { label } : {});
}
