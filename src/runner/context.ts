/** What a run has at hand: passed down, never global. */
import type { Container, Endpoint, Engine, Image } from '../engine/types.ts';
import type { Lab, Values } from '../lab/model.ts';
import type { Answer } from '../postgres/types.ts';
import type { Journal } from '../journal/journal.ts';
import type { Owner, World } from '../world/world.ts';

/** What a person may be asked. A null answer: nobody is there to ask, or they skipped it. */
export interface Asker {
  /** The option predicted for this step, by index, and whether it is the right one. */
  predict(step: string, values: Values): Promise<{ answer: number; right: boolean } | null>;
  /** Which of several containers that fit goes by this name, by index. */
  which(name: string, containers: readonly Container[]): Promise<number | null>;
  /** What the learner asks for while they work by hand; null where nobody can press a key. */
  requests: Requests | null;
}

export type Request = 'hint' | 'show' | 'run' | 'leave';

/** Keys pressed, one by one; paused while something else wants the keyboard. */
export interface Requests {
  next(): Promise<Request>;
  start(): void;
  /** Whether they were being listened to. */
  stop(): boolean;
}

export interface RunContext {
  lab: Lab;
  owner: Owner;
  /** This run's folder; files that a step keeps outside containers lie in it. */
  folder: string;
  engine: Engine;
  world: World;
  journal: Journal;
  /** The reference as given, and the image that this run is pinned to. */
  imageRef: string;
  image: Image;
  /** An image of another major, and the reference to call it by. */
  other: { ref: string; image: Image } | null;
  /** Where images may come from. */
  sources: { mirror: string | null; tarballs: string };
  /** Ports asked for on the command line, by placeholder. */
  ports: Readonly<Record<string, number>>;
  /** Environment for the docker CLI, so that it reaches the same engine. */
  cliEnv: Record<string, string>;
  /** Where plain `docker` in the learner's shell goes; null: nowhere that answers. */
  learnersEndpoint: Endpoint | null;
  /** PGPASSWORD as the learner set it. */
  learnersPassword: string | null;
  /** The address under which published ports answer, and whether it is this machine. */
  host: string;
  local: boolean;
  ask: Asker;
  /** A person sits at a terminal: commands may take it, and Ctrl-C is theirs to press. */
  interactive: boolean;
  /** How many events the journal had when this process began. */
  since: number;
  /** By container id and start: each server's own mark, asked once. */
  serverMarks: Map<string, Answer>;
  /**
   * By volume: the password that its data was initialised with, as far as this process saw it made.
   * In memory alone; a later process asks from inside instead.
   */
  volumePasswords: Map<string, string>;
  /** While a foreground run is the lesson, Ctrl-C is the learner's and does not cancel us. */
  learnerHasCtrlC: boolean;
  signal: AbortSignal;
}
