import type { FindingKey, NoteKey } from '../../../src/content-keys.ts';
import type { Result } from '../../../src/report/result.ts';
import type { TestLab } from '../lab.ts';
import type { Hands } from './hands.ts';

/** What pglab says of a world, and its exit code. */
export type Judgement = Result & { code: number };

/** A world, brought about for real, and what the checks must say of it. */
export interface World {
  make(hands: Hands): Promise<void>;
  /** The findings of all checks that are not met, each once: the specific ones and no other. */
  finds: readonly FindingKey[];
  /** The findings of all checks that could not be told, each once. */
  untold?: readonly FindingKey[];
}

/** Where and how a world is judged. */
interface Judged {
  world: string;
  /** The step that is checked; of several, each in a run of its own. */
  step: string;
  andStep?: string;
  /** What pglab is given beside the environment of the tests; asked for once the world is made. */
  env?(hands: Hands): NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>;
  /** Found on the way, and the same on every major: tried on the newest alone, to save time. */
  newestOnly?: boolean;
}

export interface Row extends World, Judged {
  /** Worlds that it comes from, each judged in the same run: what is gone was seen there. */
  before?: readonly World[];
  /** The majors that differ: from the first one on, before the second one. */
  from?: number;
  until?: number;
  /** How it is judged, for what shows only while it happens. Default: `pglab check`. */
  judge?(hands: Hands, lab: TestLab, run: string): Promise<Judgement>;
}

/** A world made in another way than ours that is right all the same. */
export interface RightRow extends Judged, Pick<World, 'make'> {
  /** What is remarked of it all the same. */
  note?: NoteKey;
  /** Each line of evidence is pasted, and works. */
  pastes?: boolean;
  /** A password that must not be in anything that is said. */
  secret?: string;
}
