/** Checks of a published port: the engine's word, a listener, and who answers behind it. */
import { isProxy } from '../engine/proxies.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet } from '../lab/verdict.ts';
import { SYSTEM_ID } from '../postgres/server-mark.ts';
import { shortId } from '../values.ts';
import { listenersOn, portsOf, psqlLine } from './evidence.ts';
import { anotherOnLocalhost } from './listener.ts';
import { addressesOf, NOT_PUBLISHED, onPublished } from './on-published.ts';
import { answeredThrough } from './refused-in-log.ts';
import { askedThrough, NOT_FROM_HERE } from './who-answered.ts';
import { NOT_ANSWERED, whyNotAnswered } from './why-not-answered.ts';

/**
 * A port of the host leads to this port of the container: `port` names the placeholder it goes by. Says
 * `host` and `inside`, port numbers, and `bindings` as `docker port` prints them. Notes `only-this-machine`
 * where it leads there from 127.0.0.1 alone, which an engine may be told to do with every port
 * (`dockerd --ip`); `another-port-will-do` where the port that was asked for is somebody else's.
 * Finds `only-one-address`, `other-host-port`, and what `NOT_PUBLISHED` names.
 *
 *     checks: [publishes('mapped', 5432)]
 */
export function publishes(name: string, inside: number, port = 'port', id = 'published'): Check {
  return defineCheck({
    id,
    kind: 'publishes',
    says: ['host', 'inside', 'bindings'],
    finds: [...NOT_PUBLISHED, 'only-one-address', 'other-host-port'],
    about: { inside },
    judge: onPublished(name, async (look, container) => {
      const wanted = Number(look.values[port]);
      const evidence = portsOf(container);
      const bindings = container.bindings.filter(({ containerPort }) => containerPort === inside);
      const values = { name, short: shortId(container.id), host: wanted, inside };
      const there = bindings.filter(({ hostPort, hostIp }) => hostPort === wanted && !hostIp.includes(':'));
      const told = { ...values, bindings: addressesOf(bindings) };
      if (there.some(({ hostIp }) => hostIp === '0.0.0.0')) return met(told, evidence);
      const [only] = there;
      if (only?.hostIp === '127.0.0.1') return met(told, evidence, 'only-this-machine');
      if (only?.hostIp === look.host) return met(told, evidence);
      if (only) return notMet('only-one-address', { ...values, seen: only.hostIp }, evidence);
      const seen = bindings[0]?.hostPort ?? 0;
      // Where the port asked for is somebody else's, any other is right; this container may have it itself.
      const isOwn = container.bindings.some(({ hostPort }) => hostPort === wanted);
      const isTaken = !isOwn && (await look.connect(wanted)) === null;
      if (isTaken) return met({ ...told, wanted, seen }, evidence, 'another-port-will-do');
      return notMet('other-host-port', { ...values, seen }, evidence);
    }),
  });
}

/**
 * Somebody accepts connections on the published port. Says `port`, and `who`: the process, as far as this
 * machine tells, else the engine's name. Notes `localhost-reaches-another` where somebody else listens on the
 * same port of another address, as ::1 is.
 * Finds what `NOT_PUBLISHED` and `NOT_ANSWERED` name.
 *
 *     checks: [listenedOn('mapped')]
 */
export function listenedOn(name: string, id = 'listener'): Check {
  return defineCheck({
    id,
    kind: 'listened-on',
    says: ['port', 'who'],
    finds: [...NOT_PUBLISHED, ...NOT_ANSWERED],
    judge: onPublished(name, async (look, container, port) => {
      const error = await look.connect(port);
      if (error !== null) return whyNotAnswered(look, container, port, error);
      const all = look.local ? await look.listeners(port) : [];
      const own = all.find(({ process }) => isProxy(process));
      const who = (own ?? all[0])?.process ?? String(look.values['engine.name']);
      // Where none of them is the engine's, one that is not known here may be.
      const other = await anotherOnLocalhost(look, container, port, own ? all : []);
      if (other === null) return met({ port, who }, listenersOn(look, port));
      const told = { port, who, other };
      return met(told, listenersOn(look, port), 'localhost-reaches-another');
    }),
  });
}

const VERSION = `split_part(current_setting('server_version'), ' ', 1), current_setting('server_version_num')::int / 10000`;

/**
 * The server answers through the published port, and it is the one in this container: its mark is the same through
 * the port and inside. Says `port`, `version` (`17.12`), `major`, `systemId`. Notes what `answeredThrough` does.
 * Finds what `NOT_PUBLISHED` and `NOT_FROM_HERE` name, `another-server` among them.
 *
 *     checks: [answers('mapped')]
 */
export function answers(name: string, id = 'answers'): Check {
  return defineCheck({
    id,
    kind: 'answers',
    tries: 'port',
    says: ['port', 'version', 'major', 'systemId'],
    finds: [...NOT_PUBLISHED, ...NOT_FROM_HERE],
    judge: onPublished(name, async (look, container, port) => {
      const answer = await askedThrough(look, { name, container, port }, VERSION);
      if (answer.verdict) return answer.verdict;
      const { row, systemId, password } = answer;
      const [version = '', major = ''] = row;
      const values = { name, short: shortId(container.id), port, version, major, systemId };
      const evidence = psqlLine(look, container, port, SYSTEM_ID);
      return answeredThrough(look, container, password, values, evidence);
    }),
  });
}
