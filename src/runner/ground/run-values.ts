/** What fills the placeholders of commands and prose: this run's own ids, ports and versions. */
import { mainPort } from '../../engine/bindings.ts';
import type { ListedContainer } from '../../engine/types.ts';
import { filesFolder } from '../../home.ts';
import { fillOpen } from '../../lab/content.ts';
import type { Step } from '../../lab/model.ts';
import { namesOf, WORLD_FIELDS } from '../../lab/placeholders.ts';
import { closedPortOf, dataTargetOf, type Service } from '../../lab/service.ts';
import { shortId, type Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from './context.ts';
import { hasFoldersHere } from './folders.ts';

/** By the world as it was just seen, and all that this run has written down of it. */
export function valuesOf(context: RunContext, seen: Snapshot): Values {
  const { image, imageRef, other, engine } = context;
  const { service } = context.lab.settings;
  const { standing } = context.journal;
  const values: Values = {
    run: context.owner.run,
    // Names of volumes are one for the whole engine: other homes have runs of the same name.
    owner: `${context.owner.home.slice(0, 6)}-${context.owner.run}`,
    closed: closedPortOf(service),
    image: imageRef,
    'image.id': shortId(image.id),
    'image.size': `${Math.round(image.size / 1e6)} MB`,
    'image.created': image.created.slice(0, 10),
    'image.how': standing.imageHow,
    major: image.postgresMajor ?? '?',
    ...(other ? { other: other.ref, 'other.major': other.image.postgresMajor ?? '?' } : {}),
    host: context.host,
    machine: context.local ? 'here' : 'there',
    folders: hasFoldersHere(context) ? 'here' : 'there',
    root: process.geteuid?.() === 0 ? 'yes' : 'no',
    target: dataTargetOf(image, service),
    folder: filesFolder(context.folder),
    'engine.name': engine.info.name,
    'engine.version': engine.info.version,
    // What the article and the command line ask for, until a port is chosen.
    ...context.lab.settings.ports,
    ...context.ports,
  };
  Object.assign(values, standing.values, momentsOf(context));
  for (const name of namesOf(context.lab)) Object.assign(values, formerValues(context, name));
  for (const [name, container] of seen.byName()) Object.assign(values, worldValues(name, container));
  return values;
}

/** What was seen at a moment that does not come again is told as it was seen then, however it is now. */
function momentsOf({ lab, journal }: RunContext): Values {
  const moments: Values = {};
  for (const { id, commands } of lab.steps) {
    const { firstMet } = journal.standing.step(id);
    for (const check of commands.flatMap(({ proves = [], during = [] }) => [...proves, ...during]))
      for (const [key, value] of Object.entries(firstMet.get(check) ?? {}))
        moments[`${check}.${key}`] = value;
  }
  return moments;
}

/** As `valuesOf`, with what is only judged: for checks alone, in no command and in no prose. */
export function valuesToJudge(context: RunContext, seen: Snapshot): Values {
  const guests = [...seen.guests()].map(([name, container]) => worldValues(name, container));
  return Object.assign(valuesOf(context, seen), ...guests, askedPorts(context));
}

/** The port of the host that a step asks for, whatever port its container was given: `mapped.asked`. */
function askedPorts({ lab, ports, journal }: RunContext): Values {
  const values = { ...lab.settings.ports, ...ports, ...journal.standing.values };
  const asked = lab.steps.flatMap(({ world = {} }) =>
    Object.entries(world).flatMap(([name, { publishes = {} }]) =>
      Object.values(publishes).map((host) => [`${name}.asked`, fillOpen(host, values)]),
    ),
  );
  return Object.fromEntries(asked);
}

/** As `valuesOf`, for a moment that nobody has looked at yet. */
export async function valuesNow(context: RunContext): Promise<Values> {
  return valuesOf(context, await context.world.snapshot());
}

/**
 * What fills a command. The names that its step makes or changes mean what we made, never what the
 * learner did: a command may remove, kill or write.
 */
export function valuesForCommand(context: RunContext, step: Step, seen: Snapshot): Values {
  const { world, journal, lab } = context;
  const values = valuesOf(context, seen);
  for (const name of [...Object.keys(step.world ?? {}), ...(step.changes ?? [])]) {
    for (const field of WORLD_FIELDS) delete values[`${name}.${field}`];
    const port = journal.standing.ports.get(`${name}.port`);
    if (port) values[`${name}.port`] = port.value;
    const container = seen.ours(name);
    const former = world.lastMade(name);
    if (former) {
      Object.assign(values, { [`${name}.id`]: former.id, [`${name}.short`]: shortId(former.id) });
      if (former.volume !== null) values[`${name}.volume`] = former.volume;
    }
    if (container) Object.assign(values, worldValues(name, container, lab.settings.service));
  }
  return values;
}

function worldValues(name: string, container: ListedContainer, service?: Service): Values {
  const published = mainPort(container, service?.port ?? null);
  const volume = container.mounts.find(({ type }) => type === 'volume')?.source;
  const [address] = container.addresses;
  return {
    [`${name}.id`]: container.id,
    [`${name}.short`]: shortId(container.id),
    [`${name}.name`]: container.name,
    [`${name}.image`]: container.imageRef,
    ...(address === undefined ? {} : { [`${name}.address`]: address }),
    ...(published === null ? {} : { [`${name}.port`]: published }),
    ...(volume === undefined ? {} : { [`${name}.volume`]: volume }),
  };
}

/** What is gone still has a name in the prose that tells of it. */
function formerValues({ world }: RunContext, name: string): Values {
  const id = world.formerId(name);
  const volume = world.formerVolume(name);
  return {
    ...(id === null ? {} : { [`${name}.id`]: id, [`${name}.short`]: shortId(id) }),
    ...(volume === null ? {} : { [`${name}.volume`]: volume }),
  };
}
