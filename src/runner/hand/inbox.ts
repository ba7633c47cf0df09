/** What a watch is woken by: changes on the engine that are news, keys that were pressed, a beat. */

import type { Request } from '../../asker.ts';
import type { EngineEvent } from '../../engine/types.ts';
import { isAnonymous } from '../../engine/volumes.ts';
import type { ChangeKey } from '../../journal/events.ts';
import { BEGINS_WITHIN_MS } from '../ground/settled-pairs.ts';

/** The sentence for a change; a change without one does not wake the watch. */
const SENTENCES: Readonly<Record<string, ChangeKey>> = {
  'container start': 'change-started',
  'container die': 'change-ended',
  'container pause': 'change-paused',
  'container unpause': 'change-unpaused',
  'container destroy': 'change-removed',
  'volume create': 'change-volume-made',
  'volume destroy': 'change-volume-removed',
};

/** The key of a change in content/messages; null where it is not told. */
export function sentenceOf({ type, action, id }: EngineEvent): ChangeKey | null {
  const isUnnamed = type === 'volume' && (isAnonymous(id) || id.startsWith('pglab-'));
  return isUnnamed ? null : (SENTENCES[`${type} ${action}`] ?? null);
}

/** What has come in since the last round. */
export class Inbox {
  #changes: EngineEvent[] = [];
  #requests: Request[] = [];
  readonly #expected = new Map<string, number>();
  #refusals = 0;
  #failure: unknown = null;
  #woken = false;
  #wake = () => {};

  change(event: EngineEvent): void {
    if (event.type === 'container' && event.action === 'create') {
      // The making alone is not told.
      this.#expected.set(event.id, performance.now() + BEGINS_WITHIN_MS);
      return;
    }
    // Somebody runs something in a container: who comes to its server meanwhile may come from there.
    if (event.action === 'exec_start') this.#changes.push(event);
    // By its end a row may have been written.
    if (sentenceOf(event) === null && event.action !== 'exec_die') return;
    this.#expected.delete(event.id);
    this.#changes.push(event);
    this.wake();
  }

  /** A look without a reason; not while a container was made a moment ago and is about to start. */
  beat(): void {
    for (const [id, deadline] of this.#expected) {
      if (deadline < performance.now()) this.#expected.delete(id);
    }
    if (this.#expected.size === 0) this.wake();
  }

  request(request: Request): void {
    this.#requests.push(request);
    this.wake();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.wake();
  }

  /** A server has told that it refused somebody. */
  refusal(): void {
    this.#refusals += 1;
    this.wake();
  }

  /** Whether a server has told so since this was last asked. */
  takeRefusals(): boolean {
    const isTold = this.#refusals > 0;
    this.#refusals = 0;
    return isTold;
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  takeChanges(): EngineEvent[] {
    return this.#changes.splice(0);
  }

  /** Whether nothing has changed since changes were last taken, and nothing is about to. */
  isEmpty(): boolean {
    return this.#changes.length === 0 && this.#expected.size === 0;
  }

  takeRequests(): Request[] {
    return this.#requests.splice(0);
  }

  /** Resolves when anything has come in since the last call. Throws what `fail` was given. */
  async next(): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#woken = false;
    if (this.#failure !== null) throw this.#failure;
  }
}
