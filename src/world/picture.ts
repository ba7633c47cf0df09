/**
 * What a world looks like at one moment, as the engine, this machine and the servers say, or as a run's journal has
 * kept it: plain data, of which a map is drawn. Null, and an empty list, are what is not known.
 */
import type { Client } from '../lab/look.ts';
import type { LogStage } from '../lab/service.ts';

/** `run`: made by this run. `learner`: adopted, or not there when the run began. `other`: anybody else's. */
export type Owned = 'run' | 'learner' | 'other';

/** A port of the engine's machine that is of interest. */
export interface PictureOfPort {
  number: number;
  /** Who listens there, and on which addresses; empty: nobody. Null: not to be known from here. */
  listeners: { process: string | null; addresses: string[] }[] | null;
}

interface Door {
  inside: number;
  protocol: 'tcp' | 'udp';
  /** The host's port; null where the container does not run, or the engine does not tell (UDP). */
  host: number | null;
  ip: string;
}

export interface PictureOfContainer {
  /** 12 digits, as `docker ps` prints them. */
  id: string;
  name: string;
  /** Its name in the world; null where it has none. */
  world: string | null;
  owned: Owned;
  image: string;
  major: number | null;
  state: string;
  /** When it was last started, RFC 3339; of one that has ended, when that was; of one never started, when it was made. */
  since: string | null;
  /** Of one that has ended. */
  exitCode: number | null;
  /** What is published of it; a door of a UDP port leads nobody to a server of TCP. */
  doors: Door[];
  /** The port on which it serves, inside; null where it serves nothing that the lab knows. */
  serves: number | null;
  /** How far its server has come, by its log. */
  stage: LogStage | null;
  /** Its server has a socket file inside. */
  socket: boolean | null;
  onHostNetwork: boolean;
  /** The container whose network it shares, 12 digits: that one's doors lead to it too. */
  inNetworkOf: string | null;
  networks: { name: string; address: string | null }[];
  mounts: { type: string; source: string; target: string }[];
  clients: Client[];
}

interface PictureOfVolume {
  name: string;
  anonymous: boolean;
  owned: Owned;
  world: string | null;
  /** No container has it. */
  left: boolean;
}

/** How far a try came: where it stopped, or `in`. */
export type TryEnd = 'no-listener' | 'no-file' | 'no-way' | 'at-door' | 'not-ready' | 'refused' | 'in';

export interface PictureOfTry {
  /** The check of pglab's that tried; for somebody else, the name by which they came. */
  what: string;
  by: 'pglab' | 'learner';
  /** Null: not known. */
  way: 'port' | 'socket' | 'inside' | 'own-address' | null;
  end: TryEnd;
  /** The host's port, or the one that a socket file is named after. */
  port: number | null;
  /** The container that it was for, 12 digits; null: none. */
  container: string | null;
  /** The code with which it was refused: `ECONNREFUSED`, `28P01`. */
  cause: string | null;
  /** The line of the server's rules that decided. */
  line: number | null;
}

export interface Picture {
  /** `here`: the engine's ports are those of this machine. */
  place: { is: 'here' | 'elsewhere' | 'around'; host: string };
  ports: PictureOfPort[];
  sockets: { path: string; there: boolean }[];
  containers: PictureOfContainer[];
  volumes: PictureOfVolume[];
  tries: PictureOfTry[];
  /** What is on the engine and not in here. */
  others: { containers: number; volumes: number; networks: number };
}
