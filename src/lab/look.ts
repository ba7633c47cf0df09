/** What a check may look at. The runner makes one; a check imports nothing that touches the world. */
import type { Container, Engine, Image } from '../engine/types.ts';
import type { Listener } from '../host.ts';
import type { Values } from '../values.ts';
import type { Answer, InsideOptions, Session, Target, Trust } from './service.ts';

/** How a command of this step ended, in this run. `output` is stdout and stderr in order. */
export interface CommandResult {
  exitCode: number;
  output: string;
}

/** An open connection to a server, by the way it came in. */
export interface Client {
  application: string;
  /** `port`: through the published port, as far as can be told. */
  way: 'port' | 'socket' | 'loopback' | 'own-address' | 'sibling';
  /** The sibling's name, or the address it came from. */
  from: string;
}

/**
 * The world at one moment, as one check sees it: the engine, this machine, the servers, and this run's journal.
 * Containers are the same for all checks that are judged together; a question to the engine or to a server is
 * asked when the check asks it.
 *
 * Nothing but `session` rejects other than with `Trouble` (the engine is gone, a server took more than 20 s), which
 * makes the check `unknown`; that somebody is not there, or says no, is an answer.
 *
 *     judge: onRunning('mapped', async (look, container) => {
 *       const answer = await look.ask(container, 'select count(*) from orders');
 *       const evidence = 'docker exec mapped psql -c "table orders"';
 *       if (!answer.ok) return notMet('no-answer-inside', { cause: answer.cause }, evidence);
 *       return met({ rows: answer.rows[0]?.[0] ?? '0' }, evidence);
 *     }),
 */
export interface Look {
  engine: Engine;
  /** All that prose and commands may use as `{{name}}`: this run's ids, ports, versions. */
  values: Values;
  /** The image that the run is pinned to; one of an empty id where it is not here. */
  image(): Promise<Image>;

  /** The container that goes by this name in the world, whatever its state; null: there is none. */
  container(name: string): Promise<Container | null>;
  /** The name of the volume that goes by this name in the world, if a step made one; null: there is none. */
  volume(name: string): Promise<string | null>;
  /** The id of the last container of this name, there or gone; null: this run never saw one. */
  formerId(name: string): string | null;
  /** The anonymous volume of the last container of this name, there or gone; null: this run never saw one. */
  formerVolume(name: string): string | null;

  /** A query from this machine, through a TCP port or a socket folder. */
  query(target: Target, query: string): Promise<Answer>;
  /** A connection that stays, for a watch. Rejects where none is to be had. */
  session(target: Target): Promise<Session>;
  /** A query by the service's client inside the container: over the socket, or to a `host` inside. */
  inside(container: Container, query: string, options?: InsideOptions): Promise<Answer>;
  /**
   * A query over TCP to the container's own address, where a password counts as it does for
   * everybody outside: from this machine where it reaches that address, else from inside.
   */
  atOwnAddress(container: Container, query: string): Promise<Answer>;
  /** A query by whichever way gets in: for what is the same whichever way one asks. */
  ask(container: Container, query: string): Promise<Answer>;
  /** One row that tells this server from every other, as it says by itself: through no port of the host. */
  serverMark(container: Container): Promise<Answer>;
  /** Who has a connection to this server open now, other than we. */
  clients(container: Container): Promise<Client[]>;
  /** The learner's own password, for a server whose container knows none; null: they set none. */
  learnersPassword: string | null;

  /** The address under which the engine's published ports answer. */
  host: string;
  /** Whether the engine runs on this machine, so that its ports and folders are ours to look at. */
  local: boolean;
  /** Whether the engine is known to be in this machine's own network, and not behind a socket that leads elsewhere. */
  proven: boolean;
  /** A bare TCP connect to a published port: null where it is accepted, else the error's code (ECONNREFUSED …). */
  connect(port: number): Promise<string | null>;
  /** Who listens on a TCP port of this machine; empty where nobody does, or the system does not tell. */
  listeners(port: number): Promise<Listener[]>;
  /** The version number of the service's client on this machine, like 15.18; null where there is none. */
  clientVersion(): Promise<string | null>;
  /** How far a container's server is trusted with a password. */
  trust(container: Container): Trust;
  /**
   * Runs the service's client on this machine with these arguments; null where there is none, or one that would give
   * the password in whatever way it is asked for to a server that is not of this run.
   */
  runClient(
    args: readonly string[],
    given?: { password: string; trust: Trust },
  ): Promise<CommandResult | null>;
  /** The endpoint that plain `docker` reaches, where that is another engine than ours; else null. */
  otherEngine(): Promise<string | null>;

  /** How the step's command with this key ended, if this very process ran it; else null. */
  ran(key: string): CommandResult | null;
  /** What the last watch of this check brought, in this run; null: it was never watched. */
  watched(check: string): Values | null;
  /** Whether the learner was let in by this server after it had refused somebody at that time, as its log tells it. */
  cameAfter(container: Container, refusedAt: string): boolean;
}
