/** What a run has at hand: passed down, never global. */

import type { Asker } from '../../asker.ts';
import type { Endpoint } from '../../engine/endpoint.ts';
import type { Place } from '../../engine/place.ts';
import type { Engine, Image } from '../../engine/types.ts';
import type { ObtainOptions } from '../../image/obtain.ts';
import type { Told } from '../../journal/record.ts';
import type { Lab } from '../../lab/model.ts';
import type { Answer } from '../../lab/service.ts';
import type { Owner, World } from '../../world/world.ts';

/** A way that is not open, and the code with which it failed. */
export type Unreached = { host: string; port: number; cause: string };

export interface RunContext {
  lab: Lab;
  owner: Owner;
  /** This run's folder; files that a step keeps outside containers lie in it. */
  folder: string;
  engine: Engine;
  world: World;
  journal: Told;
  /** The reference as given, and the image that this run is pinned to. */
  imageRef: string;
  image: Image;
  /** An image of another major, and the reference to call it by. Undefined: no step has asked for one yet. */
  other: { ref: string; image: Image } | null | undefined;
  /** Where images may come from. */
  sources: Omit<ObtainOptions, 'ref' | 'signal'>;
  /** Ports asked for on the command line, by placeholder. */
  ports: Readonly<Record<string, number>>;
  /** Environment for the docker CLI, so that it reaches the same engine. */
  cliEnv: Record<string, string>;
  /** Whether it gives labels to a volume without a name: Podman in its place does not. */
  labelsVolumes: boolean;
  /** Where plain `docker` in the learner's shell goes; null: nowhere that answers. */
  learnersEndpoint: Endpoint | null;
  /** The client's password as the learner had set it in their shell. */
  learnersPassword: string | null;
  /** Where the engine is, seen from here. */
  place: Place;
  /** The address under which published ports answer, and whether it is this machine. */
  host: string;
  local: boolean;
  /** Whether a container can mount folders of this machine; null: no step has asked yet. */
  mountsFolders: boolean | null;
  /** Published ports that lead nowhere from here though their server is up, by the container's id. */
  unreached: Map<string, Unreached>;
  /** When each container that was looked at was created, as the engine told: of one that is gone nothing else does. */
  created: Map<string, string>;
  /** Containers' own addresses that gave no answer in time: asked once. */
  silentAddresses: Set<string>;
  /** What the learner said is theirs, there before the run or not: ids of containers, names of volumes. */
  said: ReadonlySet<string>;
  /**
   * What this process has told: ids of containers that were there before, names that fit nothing, why lines were left
   * out.
   */
  told: Set<string>;
  ask: Asker;
  /** A person sits at a terminal: commands may take it, and Ctrl-C is theirs to press. */
  interactive: boolean;
  /** The seq of the last line that the journal had when this process began. */
  since: number;
  /** A killed process has left nothing behind that may make something still: from then on nothing does. */
  isQuiet: boolean;
  /** By container id and start: each server's own mark, asked once. */
  serverMarks: Map<string, Answer>;
  /**
   * By volume: the password that its data was initialised with, as far as this process saw it made.
   * In memory alone; a later process asks from inside instead.
   */
  volumePasswords: Map<string, string>;
  /** While a foreground run is the lesson, hears of the learner's Ctrl-C; false where that is meant to cancel us. */
  hearsCtrlC: (() => boolean) | null;
  signal: AbortSignal;
}
