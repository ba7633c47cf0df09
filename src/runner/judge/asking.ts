/** Asks the server in a container: at its own address, from inside, or whichever way gets in. */
import type { Container } from '../../engine/types.ts';
import { type Answer, type Exec, type InsideOptions, requireService } from '../../lab/service.ts';
import { Trouble } from '../../trouble.ts';
import type { RunContext } from '../ground/context.ts';
import { isMadeByUs, trustIn } from '../ground/trust.ts';

/** How long a container's own address may take to let us in before we ask from inside instead. */
const OWN_ADDRESS_WITHIN_MS = 1_000;

/** `docker exec` says so of a program that cannot be started. */
const NOT_STARTED = 126;

export async function askInside(
  context: RunContext,
  container: Container,
  query: string,
  options?: InsideOptions,
): Promise<Answer> {
  const { server } = requireService(context.lab.settings.service);
  return server.queryInside(execIn(context, container), container.env, query, options);
}

/** Runs in this container. That the container is gone is how a program ends, and no trouble of the engine's. */
export function execIn({ engine }: Pick<RunContext, 'engine'>, { id }: Container): Exec {
  return (command, env) =>
    engine.exec(id, command, env).catch((error) => {
      if (error instanceof Trouble || !/^4/.test(String(error.statusCode))) throw error;
      return { exitCode: NOT_STARTED, stdout: '', stderr: String(error.message) };
    });
}

export async function askAtOwnAddress(
  context: RunContext,
  container: Container,
  query: string,
  given?: string | null,
): Promise<Answer> {
  const service = requireService(context.lab.settings.service);
  const [host] = container.addresses;
  if (!host) return { ok: false, cause: 'no-address', message: '' };
  const near = nearAddress(context, container);
  const password = given ?? service.container.passwordOf(container.env);
  const offered = password ? { password } : {};
  if (near !== null) {
    const { md5 } = trustIn(context, container);
    const target = {
      host: near,
      port: service.port,
      ...service.container.loginOf(container.env),
      ...offered,
      md5,
    };
    const answer = await service.server.query(target, query, OWN_ADDRESS_WITHIN_MS);
    if (answer.ok || !/^(timeout|E(HOST|NET)UNREACH)$/.test(answer.cause)) return answer;
    // On a machine of our own that is busy; from a container it may be forbidden between neighbours, and stays so.
    if (!context.local) context.silentAddresses.add(near);
  }
  return askInside(context, container, query, { host, ...offered });
}

/** The address that leads from here to this container and no other, unless it kept silent before. */
function nearAddress({ place, silentAddresses }: RunContext, container: Container): string | null {
  const near = place.addressOf(container);
  return near === null || silentAddresses.has(near) ? null : near;
}

/**
 * By TCP where this machine reaches the container and a password fits (five times as quick as an
 * exec), else from inside. An old volume keeps its first password: that one is tried first.
 */
export async function askAnyWay(context: RunContext, container: Container, query: string): Promise<Answer> {
  const service = requireService(context.lab.settings.service);
  const direct = await askNear(context, container, query);
  if (direct?.ok || direct?.cause === 'ECONNREFUSED') return direct;
  if (direct && service.server.refusalOf(direct.cause) === 'question') return direct;
  const inside = await askInside(context, container, query, { host: '127.0.0.1' });
  // Of a server that lets nobody in, the client inside gives no code, and maybe not in English.
  return !inside.ok && inside.cause === 'failed' && direct ? direct : inside;
}

/** By TCP to the address that leads from here to this container; null where there is none, or no password is known. */
async function askNear(context: RunContext, container: Container, query: string): Promise<Answer | null> {
  const service = requireService(context.lab.settings.service);
  const first = container.mounts.map(({ source }) => context.volumePasswords.get(source)).find(Boolean);
  const password = first ?? service.container.passwordOf(container.env);
  if (!password || nearAddress(context, container) === null) return null;
  return askAtOwnAddress(context, container, query, password);
}

/**
 * A server's own mark, asked once for each start of a container. Of a container that our own command made, at its
 * address, ten times as quick as an exec; of any other inside, where only its own server can answer.
 */
export async function askMark(context: RunContext, container: Container): Promise<Answer> {
  const start = `${container.id} ${container.startedAt}`;
  const known = context.serverMarks.get(start);
  if (known) return known;
  const { server } = requireService(context.lab.settings.service);
  const { mark, lasts } = await server.mark(async (sql) => {
    const direct = isMadeByUs(context, container) ? await askNear(context, container, sql) : null;
    return direct?.ok ? direct : askInside(context, container, sql);
  });
  if (lasts) context.serverMarks.set(start, mark);
  return mark;
}
