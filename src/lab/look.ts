/** What a check may look at. The runner makes one; a check imports nothing that touches the world. */
import type { Container, Engine, Image } from '../engine/types.ts';
import type { Listener } from '../host.ts';
import type { Answer, Session, Target } from '../postgres/session.ts';
import type { Values } from '../values.ts';

/** How a command of this step ended, in this run. `output` is stdout and stderr in order. */
export interface CommandResult {
  exitCode: number;
  output: string;
}

/** Default: over the socket, without a password, to the database that the container was made with. */
export interface InsideOptions {
  host?: string;
  password?: string;
  database?: string;
}

/** An open connection to a server, by the way it came in. */
export interface Client {
  application: string;
  /** `port`: through the published port, as far as can be told. */
  way: 'port' | 'socket' | 'loopback' | 'own-address' | 'sibling';
  /** The sibling's name, or the address it came from. */
  from: string;
}

export interface Look {
  engine: Engine;
  values: Values;
  /** The image that the run is pinned to. */
  image(): Promise<Image>;
  /** The container that goes by this name in the world now, or null. */
  container(name: string): Promise<Container | null>;
  /** The named volume that goes by this name in the world now, or null. */
  volume(name: string): Promise<string | null>;
  /** A query from outside, through a TCP port or a socket folder. */
  query(target: Target, sql: string): Promise<Answer>;
  /** A connection that stays, for a watch. Throws where none is to be had. */
  session(target: Target): Promise<Session>;
  /** A query by the container's own psql; over the socket, or to `host` inside. */
  inside(container: Container, sql: string, options?: InsideOptions): Promise<Answer>;
  /**
   * A query over TCP to the container's own address, where a password counts as it does for
   * everybody outside: from this machine where it reaches that address, else from inside.
   */
  atOwnAddress(container: Container, sql: string): Promise<Answer>;
  /** A query by whichever way gets in: for what is the same whichever way one asks. */
  ask(container: Container, sql: string): Promise<Answer>;
  /** The server's own mark (SERVER_MARK), as it tells inside. */
  serverMark(container: Container): Promise<Answer>;
  /** The address under which the engine's published ports answer. */
  host: string;
  /** Whether the engine runs on this machine, so that its ports and folders are ours to look at. */
  local: boolean;
  /** A bare TCP connect: null, or the error's code. */
  connect(port: number): Promise<string | null>;
  listeners(port: number): Promise<Listener[]>;
  /** The version number of psql on this machine, like 15.18; null where there is none. */
  psqlVersion(): Promise<string | null>;
  /** Runs psql as the article does; null where there is none. */
  psql(args: readonly string[], password?: string): Promise<CommandResult | null>;
  /** The learner's own password, for a server whose container knows none. */
  learnersPassword: string | null;
  /** Who has a connection to this server open now, other than we. */
  clients(container: Container): Promise<Client[]>;
  /** The endpoint that plain `docker` reaches, where that is another engine than ours; else null. */
  otherEngine(): Promise<string | null>;
  /** How the command with this key ended, if it ran in this run. */
  ran(key: string): CommandResult | null;
  /** What a watch of this check brought, or what it was judged from earlier in this run. */
  watched(check: string): Values | null;
  /** The volume a container of this name had, if this run ever saw it. */
  formerVolume(name: string): string | null;
  /** The id of the last container of this name, alive or not, if this run ever saw it. */
  formerId(name: string): string | null;
}
