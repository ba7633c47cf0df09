/** What the runner may ask a person, and what a person may ask of it. A terminal answers, or a page. */
import type { Container } from './engine/types.ts';
import type { Values } from './values.ts';

/** What a person may be asked. A null answer: nobody is there to ask, or they skipped it. */
export interface Asker {
  /**
   * The option predicted for this step, by index, and whether it is the right one. `values` is called where there
   * is a question: they fill its words.
   */
  predict(step: string, values: () => Promise<Values>): Promise<{ answer: number; right: boolean } | null>;
  /** Which of several containers that fit goes by this name, by index. */
  which(name: string, containers: readonly Container[]): Promise<number | null>;
  /** Whether a container that was there before the run is theirs, and may be used as this name. */
  isTheirs(name: string, container: Container): Promise<boolean | null>;
  /** Waits before a command that takes the window, until they say that they are ready. Resolves at once where nobody can be asked. */
  goOn(): Promise<void>;
  /** What the learner asks for while they work by hand; null where nobody can press a key. */
  requests: Requests | null;
}

/** `anew`: begin this step anew; `typed`: the lines that were to be typed are; `strayed`: a line came here instead. */
export type Request = 'hint' | 'show' | 'run' | 'anew' | 'typed' | 'strayed' | 'leave';

/** Keys pressed, one by one; paused while something else wants the keyboard. */
export interface Requests {
  next(): Promise<Request>;
  start(): void;
  /** Whether they were being listened to. */
  stop(): boolean;
}
