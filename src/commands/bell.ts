/** Rings when there is a reason to look again: the engine tells of a change, or a while has passed. */
import type { Engine } from '../engine/types.ts';

export class Bell {
  /** Something has changed, and was not looked at yet. */
  isUrgent = false;
  #isRung = false;
  #failure: unknown = null;
  #wake = () => {};

  ring({ urgent = false }: { urgent?: boolean } = {}): void {
    this.isUrgent ||= urgent;
    this.#isRung = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.ring();
  }

  rest(): void {
    this.#isRung = false;
    this.isUrgent = false;
  }

  /** Resolves when it was rung since it last rested. Throws what `fail` was given. */
  async rung(): Promise<void> {
    if (!this.#isRung && this.#failure === null)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#failure !== null) throw this.#failure;
  }
}

/** Rings at each of the engine's events. A stream that ends is opened anew, if the engine still answers. */
export function ringAtEvents(engine: Engine, bell: Bell, signal: AbortSignal): void {
  const pump = async () => {
    while (!signal.aborted) for await (const _ of await engine.events(signal)) bell.ring({ urgent: true });
  };
  pump().catch((error) => {
    if (!signal.aborted) bell.fail(error);
  });
}
