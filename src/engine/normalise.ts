/**
 * The API's answers as our plain data. Reads only fields that every API from 1.41 on has. What comes in here may be
 * anybody's: ids must be ids (Trouble `engine-nonsense`), and what does not look like a name is not taken for one.
 */
import { isIP } from 'node:net';
import type Docker from 'dockerode';
import { fittingLabels, isGivenName, isId, isImageId, isNetworkId, isReference } from '../names.ts';
import { shortId } from '../values.ts';
import { bindingOf, toBindings, udpOf } from './port-bindings.ts';
import { nonsense, shaped, textOf } from './sound-answers.ts';
import type { Container, EngineEvent, Image, LabelFilter, ListedContainer } from './types.ts';
import { holdingFirst } from './volumes.ts';

export function networkIdOf(id: unknown): string {
  if (typeof id !== 'string' || !isNetworkId(id)) throw nonsense('network id', id);
  return id;
}

/** A container's or an exec's id, as it is. */
export function idOf(id: unknown, what = 'id'): string {
  if (typeof id !== 'string' || !isId(id)) throw nonsense(what, id);
  return id;
}

function imageIdOf(id: unknown): string {
  if (typeof id !== 'string' || !isImageId(id)) throw nonsense('image id', id);
  return id;
}

export function labelsOf(labels: unknown): Record<string, string> {
  const pairs = Object.entries((labels ?? {}) as object).filter(([, value]) => typeof value === 'string');
  return fittingLabels(Object.fromEntries(pairs));
}

export function toListed(raw: Docker.ContainerInfo): ListedContainer {
  return shaped('container', raw, () => listed(raw));
}

function listed(raw: Docker.ContainerInfo): ListedContainer {
  const id = idOf(raw.Id, 'container id');
  return {
    id,
    name: nameOf(raw.Names ?? [], id),
    // Of an image that was removed by force, some engines name no id.
    imageId: isImageId(textOf(raw.ImageID)) ? raw.ImageID : '',
    imageRef: refOf(raw.Image, raw.ImageID),
    status: statusIn(raw.State),
    created: timeOf(raw.Created),
    labels: labelsOf(raw.Labels),
    bindings: (raw.Ports ?? []).flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
      PublicPort && Type !== 'udp' ? bindingOf(PrivatePort, IP, PublicPort) : [],
    ),
    mounts: (raw.Mounts ?? []).map(toMount),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
    inNetworkOf: containerIn(raw.HostConfig?.NetworkMode),
    ...addressesOn(raw.NetworkSettings?.Networks),
  };
}

const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;

/** Podman's list has words of its own for some states, its inspection has Docker's. */
function statusIn(state: unknown): ListedContainer['status'] {
  const docker: Record<string, ListedContainer['status']> = {
    stopped: 'exited',
    stopping: 'running',
    configured: 'created',
    initialized: 'created',
  };
  return STATES.find((each) => each === state) ?? docker[textOf(state)] ?? 'dead';
}

function timeOf(seconds: unknown): string {
  const time = new Date(Number(seconds) * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}

/** The container's own name: one under which another container is linked to it has a slash inside. */
function nameOf(names: readonly string[], id: string): string {
  const own = names.map((name) => textOf(name).replace(/^\//, '')).find(isGivenName);
  return own ?? shortId(id);
}

/** The image as it was named when the container was made; its id, where that is no name of an image. */
function refOf(ref: unknown, imageId: unknown): string {
  const given = textOf(ref);
  return isReference(given) || isImageId(given)
    ? given
    : shortId(isImageId(textOf(imageId)) ? textOf(imageId) : '');
}

/**
 * A volume goes by its name; what has none is a path of the host. A driver of others may give its volumes names that
 * could be no argument: those are of the type `foreign`.
 */
function toMount(mount: { Type?: string; Name?: string | undefined; Source: string; Destination: string }) {
  const source = textOf(mount.Name) || textOf(mount.Source);
  const type = textOf(mount.Type) || 'bind';
  const isNamed = type !== 'volume' || isGivenName(source);
  return { type: isNamed ? type : 'foreign', source, target: textOf(mount.Destination) };
}

/** Those of `--tmpfs`, which Docker lists apart from `--mount type=tmpfs`. */
function tmpfsOf(targets: unknown): Container['mounts'] {
  const paths = Object.keys((targets ?? {}) as object);
  return paths.map((target) => ({ type: 'tmpfs', source: '', target }));
}

function addressesOn(
  networks:
    | Record<string, { IPAddress: string; Gateway?: string; GlobalIPv6Address?: string }>
    | null
    | undefined,
): Pick<ListedContainer, 'addresses' | 'gateways' | 'places'> {
  const there = Object.values(networks ?? {}).filter((network) => isIP(textOf(network?.IPAddress)));
  return {
    addresses: there.map(({ IPAddress }) => IPAddress),
    gateways: there.map(({ Gateway }) => (isIP(textOf(Gateway)) ? (Gateway as string) : '')),
    places: Object.entries(networks ?? {}).flatMap(([network, at]) =>
      [textOf(at?.IPAddress), textOf(at?.GlobalIPv6Address)].flatMap((address) =>
        isIP(address) ? { network, address } : [],
      ),
    ),
  };
}

export function toContainer(raw: Docker.ContainerInspectInfo): Container {
  return shaped('container', raw, () => container(raw));
}

function container(raw: Docker.ContainerInspectInfo): Container {
  const id = idOf(raw.Id, 'container id');
  return {
    id,
    name: nameOf([raw.Name], id),
    imageId: isImageId(textOf(raw.Image)) ? raw.Image : '',
    imageRef: refOf(raw.Config.Image, raw.Image),
    status: statusIn(raw.State.Status),
    exitCode: Number(raw.State.ExitCode),
    pid: Number(raw.State.Pid ?? 0),
    error: textOf(raw.State.Error),
    oomKilled: raw.State.OOMKilled,
    restartCount: Number(raw.RestartCount ?? 0),
    created: textOf(raw.Created),
    startedAt: textOf(raw.State.StartedAt),
    finishedAt: textOf(raw.State.FinishedAt),
    labels: labelsOf(raw.Config.Labels),
    env: asRecord(raw.Config?.Env),
    exposed: Object.keys(raw.Config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
    bindings: toBindings(raw.NetworkSettings.Ports),
    requested: toBindings(raw.HostConfig.PortBindings),
    udp: udpOf(raw.HostConfig.PortBindings),
    mounts: [...(raw.Mounts ?? []).map(toMount), ...tmpfsOf(raw.HostConfig.Tmpfs)],
    networks: Object.keys(raw.NetworkSettings.Networks ?? {}),
    ...addressesOn(raw.NetworkSettings.Networks),
    onHostNetwork: raw.HostConfig.NetworkMode === 'host',
    inNetworkOf: containerIn(raw.HostConfig.NetworkMode),
    attachable: raw.Config.AttachStdout,
    removesItself: raw.HostConfig.AutoRemove === true,
    command: [raw.Path, ...(raw.Args ?? [])].map(textOf),
  };
}

/** Of the mode `container:ID`; the engine puts the id in the place of a name. */
function containerIn(mode: unknown): string | null {
  const id = textOf(mode).replace(/^container:/, '');
  return id !== textOf(mode) && isId(id) ? id : null;
}

export function toImage(raw: Docker.ImageInspectInfo): Image {
  return shaped('image', raw, () => image(raw));
}

function image(raw: Docker.ImageInspectInfo): Image {
  const env = asRecord(raw.Config?.Env);
  const major = Number(env.PG_MAJOR);
  return {
    id: imageIdOf(raw.Id),
    tags: (raw.RepoTags ?? []).filter((tag) => isReference(textOf(tag))),
    size: Number(raw.Size),
    // Images that are built to be reproducible may have no date.
    created: textOf(raw.Created),
    postgresMajor: Number.isInteger(major) && major > 0 && major < 1_000 ? major : null,
    volumeTargets: holdingFirst(Object.keys(raw.Config?.Volumes ?? {}), env.PGDATA),
    env,
    labels: labelsOf(raw.Config?.Labels),
  };
}

interface RawEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: Record<string, string> };
  timeNano: number;
}

/**
 * Null for one that is about nothing we could name. Docker puts a container's labels among the attributes, over its own
 * but for name and image: so only labels of ours are read as such, and all else by what it must look like.
 */
export function toEvent(raw: RawEvent): EngineEvent | null {
  const id = textOf(raw.Actor?.ID);
  const isNamed = isId(id) || isImageId(id) || isReference(id) || isGivenName(id);
  if (!isNamed) return null;
  const attributes = raw.Actor.Attributes ?? {};
  const [name, image, execId] = [
    textOf(attributes.name),
    textOf(attributes.image),
    textOf(attributes.execID),
  ];
  return {
    type: textOf(raw.Type),
    action: textOf(raw.Action),
    id,
    name: isGivenName(name) ? name : shortId(id),
    image: isReference(image) ? image : shortId(isImageId(image) ? image : ''),
    execId: isId(execId) ? execId : '',
    command: '',
    exitCode: /^\d{1,3}$/.test(textOf(attributes.exitCode)) ? Number(attributes.exitCode) : null,
    labels: labelsOf(
      Object.fromEntries(Object.entries(attributes).filter(([key]) => key.startsWith('pglab.'))),
    ),
    at: Number(raw.timeNano) / 1e6,
  };
}

function asRecord(pairs: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (pairs ?? []).map(textOf).flatMap((pair) => {
      const equals = pair.indexOf('=');
      // `-e NAME` from a shell that has no such name leaves the name alone: it is not set.
      return equals < 0 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]];
    }),
  );
}

/** The filter as the API takes it in a question. */
export function asFilter(labels: LabelFilter): string {
  const label = Object.entries(labels).map(([key, value]) => (value === null ? key : `${key}=${value}`));
  return JSON.stringify(label.length > 0 ? { label } : {});
}

/**
 * Whether labels have all that was asked for. An engine's own filter also counts labels that fit no grammar of ours.
 */
export function hasLabels(labels: Record<string, string>, asked: LabelFilter): boolean {
  return Object.entries(asked).every(([key, value]) =>
    value === null ? Object.hasOwn(labels, key) : labels[key] === value,
  );
}
