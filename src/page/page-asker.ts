/** Questions of a run as a page asks them, and what a learner asks for there. A browser may say anything at any time. */
import type { Asker, Request } from '../asker.ts';
import type { Container } from '../engine/types.ts';
import type { Step } from '../lab/model.ts';
import { Cancelled } from '../trouble.ts';
import { shortId, type Values } from '../values.ts';
import type { Act } from './page-view.ts';

/** A question of pglab's own that stands open. */
export type OpenQuestion =
  | { id: number; is: 'which'; name: string; options: string[] }
  | { id: number; is: 'theirs'; name: string; container: string; short: string };

const REQUESTS: ReadonlySet<string> = new Set<Request>(['hint', 'show', 'run', 'anew', 'typed']);
/** That wait at once: a step has no more of them. */
const MOST_HINTS = 3;

export class PageAsker implements Asker {
  readonly #signal: AbortSignal;
  readonly #told: () => void;
  /** The right option of a step's question; null: it has none. */
  readonly #rightOf: (step: Step['id']) => { right: number; of: number } | null;
  readonly #know: (values: Values) => void;
  question: OpenQuestion | null = null;
  /** The step whose question is open. */
  predicting: string | null = null;
  /** Requests are listened to. */
  isListening = false;
  /** Whether the next step is waited for. */
  isResting = false;
  #waiting: Request[] = [];
  #wake = () => {};
  #answer: ((choice: number | null) => void) | null = null;
  #options = 0;
  #asked = 0;
  #go = () => {};

  constructor(
    signal: AbortSignal,
    {
      told,
      rightOf,
      know,
    }: {
      told: () => void;
      rightOf: (step: string) => { right: number; of: number } | null;
      know: (values: Values) => void;
    },
  ) {
    this.#signal = signal;
    this.#told = told;
    this.#rightOf = rightOf;
    this.#know = know;
  }

  /** False: that cannot be done now. */
  act(act: Act): boolean {
    switch (act.type) {
      case 'predict':
        return this.predicting !== null && this.#answered(act.choice);
      case 'answer':
        return this.question?.id === act.question && this.#answered(act.choice);
      case 'next':
        if (!this.isResting) return false;
        this.#go();
        return true;
      case 'hand':
        return false;
      default:
        if (!this.isListening || !REQUESTS.has(act.type)) return false;
        // Pressed twice, it is wanted once; hints are several.
        if (this.#waiting.filter((type) => type === act.type).length < (act.type === 'hint' ? MOST_HINTS : 1))
          this.#waiting.push(act.type);
        this.#wake();
        return true;
    }
  }

  async predict(step: string, values: () => Promise<Values>): ReturnType<Asker['predict']> {
    const known = this.#rightOf(step);
    if (!known) return null;
    this.#know(await values());
    this.predicting = step;
    const answer = await this.#ask(known.of);
    this.predicting = null;
    this.#told();
    return answer === null ? null : { answer, right: answer === known.right };
  }

  async which(name: string, containers: readonly Container[]): Promise<number | null> {
    const options = containers.map(({ id, name: own, imageRef }) => `${own}  ${shortId(id)}  ${imageRef}`);
    return this.#askOf({ id: this.#nextId(), is: 'which', name, options }, options.length);
  }

  async isTheirs(name: string, { id, name: container }: Container): Promise<boolean | null> {
    const question = { id: this.#nextId(), is: 'theirs', name, container, short: shortId(id) } as const;
    const answer = await this.#askOf(question, 2);
    return answer === null ? null : answer === 0;
  }

  /** Nobody sits at the window of a command that a page runs. */
  async goOn(): Promise<void> {}

  readonly requests = {
    next: async (): Promise<Request> => {
      for (;;) {
        const request = this.#waiting.shift();
        if (request) return request;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    },
    start: () => this.#listen(true),
    stop: () => {
      const was = this.isListening;
      this.#listen(false);
      return was;
    },
  };

  /** Resolves when the learner goes on. */
  async rest(): Promise<void> {
    this.isResting = true;
    this.#told();
    await this.#orCancelled((resolve) => {
      this.#go = () => resolve(null);
    });
    this.isResting = false;
    this.#told();
  }

  #listen(on: boolean): void {
    if (!on) this.#waiting = [];
    this.isListening = on;
    this.#told();
  }

  async #askOf(question: OpenQuestion, options: number): Promise<number | null> {
    this.question = question;
    const answer = await this.#ask(options);
    this.question = null;
    this.#told();
    return answer;
  }

  async #ask(options: number): Promise<number | null> {
    this.#options = options;
    const answer = this.#orCancelled<number | null>((resolve) => {
      this.#answer = resolve;
    });
    this.#told();
    return answer;
  }

  /** An option that is not there is no answer. */
  #answered(choice: number | null): boolean {
    const isOption = choice === null || (Number.isInteger(choice) && choice >= 0 && choice < this.#options);
    if (!isOption || this.#answer === null) return false;
    this.#answer(choice);
    this.#answer = null;
    return true;
  }

  #nextId(): number {
    this.#asked += 1;
    return this.#asked;
  }

  #orCancelled<T>(begin: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = () => reject(new Cancelled());
      if (this.#signal.aborted) cancel();
      this.#signal.addEventListener('abort', cancel, { once: true });
      begin((value) => {
        this.#signal.removeEventListener('abort', cancel);
        resolve(value);
      });
    });
  }
}
