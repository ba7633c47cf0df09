/** Makes what a check looks through: engine, servers, this machine and this run's journal. */
import { connect, listeners } from '../../host.ts';
import type { CommandResult, Look } from '../../lab/look.ts';
import { requireService, type Service, type Trust } from '../../lab/service.ts';
import { hasTool, run } from '../../shell.ts';
import { Trouble } from '../../trouble.ts';
import { shortId, type Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { trustIn } from '../ground/trust.ts';
import { askAnyWay, askAtOwnAddress, askInside, askMark } from './asking.ts';
import { clientSecrets, clientVersion } from './client.ts';
import { clientsOf } from './clients.ts';
import { connectWithin } from './ready.ts';

/** It makes one connection and asks for one row: who listens may be anybody, and never answer. */
const CLIENT_WITHIN_MS = 25_000;

/**
 * All checks that share a look see the same containers, images, and users of volumes: each is asked for once, by the
 * first that wants to know.
 */
export function lookFor(context: RunContext, step: string, values: Values, seen: Snapshot): Look {
  const { engine, world, journal } = context;
  const service = () => requireService(context.lab.settings.service);
  return {
    engine: { ...engine, usersOf: onceEach(engine.usersOf), image: onceEach(engine.image) },
    values,
    host: context.host,
    local: context.local,
    proven: context.place.proven,
    image: async () => context.image,
    container: (name) => seen.containerToJudge(name),
    volume: (name) => world.volumeToJudge(name),
    query: async (target, query) => service().server.query(target, query, connectWithin(context)),
    session: async (target) => service().server.openSession(target),
    inside: (container, query, options) => askInside(context, container, query, options),
    atOwnAddress: (container, query) => askAtOwnAddress(context, container, query),
    ask: (container, query) => askAnyWay(context, container, query),
    serverMark: (container) => askMark(context, container),
    connect: (port) => connect(context.host, port),
    listeners,
    clientVersion: async () => clientVersion(service()),
    trust: (container) => trustIn(context, container),
    runClient: async (args, given) => runClient(service(), args, given),
    learnersPassword: context.learnersPassword,
    clients: (container) => clientsOf(context, container),
    otherEngine: () => otherEngine(context),
    ran(key) {
      // Only what this process ran: a world that has changed since was answered differently.
      const ended = journal.standing.step(step).ran.get(key);
      return ended && ended.seq > context.since ? ended : null;
    },
    watched: (check) => journal.standing.step(step).watched.get(check) ?? null,
    cameAfter: ({ id }, at) =>
      [...journal.standing.steps.values()].some(({ refusedBefore }) => refusedBefore.get(shortId(id)) === at),
    formerId: (name) => world.formerId(name),
    formerVolume: (name) => world.formerVolume(name),
  };
}

function onceEach<T>(ask: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}

/** Plain `docker` goes elsewhere: that is seen by the engines' own ids, not by their addresses. */
async function otherEngine({ engine, learnersEndpoint }: RunContext): Promise<string | null> {
  if (learnersEndpoint === null || learnersEndpoint.url === engine.endpoint.url) return null;
  const { connectEngine } = await import('../../engine/connect.ts');
  try {
    const other = await connectEngine(learnersEndpoint);
    const isSame = other.info.id === engine.info.id && other.root === engine.root;
    return isSame ? null : learnersEndpoint.url;
  } catch (error) {
    // An engine that does not answer the learner has nothing of theirs.
    if (error instanceof Trouble) return null;
    throw error;
  }
}

async function runClient(
  service: Service,
  args: readonly string[],
  given?: { password: string; trust: Trust },
): Promise<CommandResult | null> {
  const { program, flags, patience } = service.client;
  if (!hasTool(program)) return null;
  const secrets = given ? await clientSecrets(service, given.password, given.trust) : {};
  if (secrets === null) return null;
  return run([program, ...flags, ...args], {
    env: { LC_ALL: 'C', ...patience, ...secrets },
    withinMs: CLIENT_WITHIN_MS,
  });
}
