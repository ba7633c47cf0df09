/**
 * What the containers of a lab serve, told once. The core knows no service of its own: a lab names one,
 * `defineLab({ service: postgres, … })`, or none.
 */
import type { MessageKey, NoteKey } from '../content-keys.ts';
import type { ExecResult } from '../engine/said.ts';
import { Trouble } from '../trouble.ts';

/** The environment of a container, as it was given to it or came with its image. */
export type Environment = Readonly<Record<string, string>>;

/** Where a query goes. `host` is a name, an address, or the folder of a unix socket. */
export interface Target {
  host: string;
  port: number;
  user: string;
  database: string;
  /** Absent: none is offered. In clear text it is sent to nobody. */
  password?: string;
  /** A server that asks for it by MD5 gets it; else only by a way that tells nothing of it. */
  md5?: boolean;
}

/** How far a container's server is trusted with a password. */
export interface Trust {
  /** Made in this run, by us or by the learner: it may have the learner's own password. */
  isOfRun: boolean;
  /** The learner said of this very container that it is theirs: any client may have the password that it was given. */
  isTheirs: boolean;
  /** It is of this run, and of a version that knew no better than MD5. */
  md5: boolean;
}

/**
 * What came of a query: rows of cells as text, empty for a null. `cause` is the server's own code (a SQLSTATE
 * such as 28P01), the system's (ECONNREFUSED, ENOENT …), or one of `no-password`, `asked-for-cleartext`,
 * `asked-for-md5` (and did not get it), `no-address`, `closed`, `timeout`, `failed`.
 */
export type Answer = { ok: true; rows: string[][] } | { ok: false; cause: string; message: string };

/** Causes of an answer that did not come from the server: nobody is there, nothing leads there, or nothing comes back. */
export const NO_WAY = /^(timeout|ETIMEDOUT|ECONNREFUSED|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** A connection that stays: for a client that keeps asking while something happens to a server. */
export interface Session {
  ask(query: string): Promise<Answer>;
  end(): Promise<void>;
}

/** How one asks inside. Default: over the socket, without a password, in the container's own database. */
export interface InsideOptions {
  host?: string;
  password?: string;
  database?: string;
}

/** Runs a program in one container, with these names added to its environment. */
export type Exec = (command: readonly string[], env: Record<string, string>) => Promise<ExecResult>;

/**
 * What a failed answer says of the server: `question`, it is up and did not like the question; `password`,
 * it is up and the password is wrong; `entry`, it is up and lets this client in for another reason not.
 */
export type Refusal = 'question' | 'password' | 'entry';

/** Somebody else's open connection: `address` is empty where it came over the socket. */
export interface Peer {
  application: string;
  address: string;
  port: number;
}

/** `temporary`: the server of a first set-up, which nobody reaches over TCP. `ending`: it was asked to stop, or has stopped. */
export type LogStage = 'setting-up' | 'temporary' | 'starting' | 'ready' | 'ending';

/** Somebody whom a server did not let in. */
export interface TurnedAway {
  user: string;
  /** The code of the refusal. */
  cause: string;
  /** The line of the server's rules that decided; null: none did, or it is not told. */
  line: number | null;
}

/** For what somebody was refused: a name that the server does not know, or the password of a user that it does. */
export interface Refused {
  kind: 'role' | 'database' | 'password';
  /** Of the role or the database; for a password the user's. */
  name: string;
  /** `16:00:00` by the server's clock; empty where its lines begin without a time. */
  at: string;
}

export interface Service {
  /** The TCP port on which it listens inside its container. */
  port: number;
  /** Where a container of an image that names no volume keeps its data. */
  dataTarget: string;
  /** By what a container says of itself. */
  container: {
    /** Names of its environment; each is also read from a file that `NAME_FILE` names. */
    settings: { password: string; user: string; database: string };
    /** The program inside that asks whether the server is up, as a health check does: it opens no session. */
    probe: string;
    /** Whether a command line that runs inside is how pglab itself asks, in whichever process. */
    isAskedByUs(command: string): boolean;
    /** The major version; null: it serves something else. */
    majorOf(env: Environment): number | null;
    /** Whether a server of this major may have to ask for a password by MD5. */
    knowsMd5Only(major: number): boolean;
    /** What it was made with, the image's own defaults included. */
    loginOf(env: Environment): { user: string; database: string };
    /** Null: it was given none, or by a file alone. */
    passwordOf(env: Environment): string | null;
    /** The shell line that prints it, for a container of this name or id; by its environment, where that is known. */
    passwordLine(container: string, env?: Environment): string;
    /** The name of its environment that was meant for the password, and is written otherwise; null: none is near. */
    misspeltPassword(env: Environment): string | null;
    /** Whether it was given one, by a file too. */
    hasPassword(env: Environment): boolean;
  };
  /** By its log. */
  log: {
    /** A line: a server takes connections. A first start may say so more than once. */
    ready: RegExp;
    /** A line for those whom it sends away, ourselves included: no sign that it gets on. */
    refusal: RegExp;
    /** It found data from before, and set nothing up. */
    foundData(log: string): boolean;
    /** Its set-up was ended in the middle: started again, it would not come up. */
    wasCutOff(log: string): boolean;
    /** How far it has come, by what was said since its container was last started; null: that does not tell. */
    stage(log: string): LogStage | null;
    /** The TCP port on which the server of the last start listens; null: it has not said. */
    listensOn(log: string): number | null;
    /** All whom it refused, by a name that it does not know or for their password; the first one first. */
    refused(log: string): Refused[];
    /** Who came last and was sent away by its rules; null: nobody. */
    turnedAway(log: string): TurnedAway | null;
  };
  /** By asking it. Nothing is thrown but `Trouble`, `query-slow`, where an answer takes more than 20 s. */
  server: {
    query(target: Target, query: string, connectTimeoutMs?: number): Promise<Answer>;
    /** Rejects where no connection is to be had. */
    openSession(target: Target): Promise<Session>;
    /** Does beforehand what a first query would do, while one waits for a server anyway. */
    warmUp(): Promise<void>;
    /** By the client in its container: the way that works on every engine, and asks for no port. */
    queryInside(exec: Exec, env: Environment, query: string, options?: InsideOptions): Promise<Answer>;
    /**
     * What tells the server that `ask` leads to from every other, a copy of its data included. `lasts`: it is the
     * server that stays, and not the temporary one of a first set-up, which has another mark.
     */
    mark(ask: (query: string) => Promise<Answer>): Promise<{ mark: Answer; lasts: boolean }>;
    /**
     * A query of one row: the sessions that all its databases have had so far, empty where the server does not count
     * them; how many others are open now, and how many of those have asked nothing yet; and where it listens, empty while it is only being set up, by sessions of the
     * image's own.
     */
    visits: string;
    /** Who else is connected now. That it was asked is in no count of `visits`, whichever process asked. */
    peersInside(exec: Exec, env: Environment): Promise<Peer[]>;
    /** What a failed answer's cause says; null: nothing of the server. */
    refusalOf(cause: string): Refusal | null;
  };
  /** Its client on the learner's machine. */
  client: {
    program: string;
    /** Arguments that make it read no settings of the learner's and ask for no password. */
    flags: readonly string[];
    /** Environment with which it gives a connection up after seconds: left alone, it waits for minutes where nothing comes back. */
    patience: Readonly<Record<string, string>>;
    /** The name of its environment by which it takes a password. */
    passwordName: string;
    /**
     * What its environment must have to give a password to such a server, and in no other way than it may be sent;
     * null where a client of this version (`15.18`) cannot be held to that.
     */
    passwordEnv(password: string, trust: Trust, version: string): Record<string, string> | null;
    /** Where it looks for a server's socket when no host is given, a file for each port; whether one is there. */
    socketFiles(ports: readonly number[]): { path: string; there: boolean }[];
    /** What is said where it is missing: before a command that needs it, and by `doctor`. */
    missing: { note: NoteKey; message: MessageKey };
  };
}

/** The service of a lab's settings; trouble where a check or a command wants one and the lab has none. */
export function requireService(service: Service | undefined): Service {
  if (service) return service;
  throw new Trouble('lab-broken', { file: 'lab', why: 'it names no service, and something asks for one' });
}

/** Where a container keeps its data: as its image says, else as its service is used to. */
export function dataTargetOf(image: { volumeTargets: readonly string[] }, service?: Service): string {
  return image.volumeTargets[0] ?? service?.dataTarget ?? '/data';
}

/** The port on which nobody should listen, where a connection is to be refused: the service's own, else tcpmux. */
export function closedPortOf(service?: Service): number {
  return service?.port ?? 1;
}
