import type { Hands } from './hands.ts';

/** One world, brought about for real, and what a check must say of it. */
export interface Row {
  world: string;
  /** The step that is checked; of several, each in a run of its own. */
  step: string;
  andStep?: string;
  make(hands: Hands): Promise<void>;
  /** The findings of all checks that are not met, each once: the specific ones and no other. */
  finds: readonly string[];
  /** What the first look finds, where the row goes on. */
  firstFinds?: readonly string[];
  /** What happens after a first look, so that what is gone was seen; a look after each. */
  afterwards?: readonly ((hands: Hands) => Promise<void>)[];
  env?: NodeJS.ProcessEnv;
  /** Found on the way, and the same on every major: tried on the newest alone, to save time. */
  newestOnly?: boolean;
  /** A password that must not be in anything that is said. */
  secret?: string;
}

/** A world made in another way than ours that is right all the same. */
export interface RightRow extends Omit<Row, 'finds'> {
  /** Checks that cannot be told afterwards, since nobody saw it happen. */
  untold?: readonly string[];
}
