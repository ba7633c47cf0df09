/** What rows make on an engine: it is known by what was not there before, and is taken away. */
import { rmSync } from 'node:fs';
import type { Engine } from '../../../src/engine/types.ts';

export class RowThings {
  readonly #engine: Promise<Engine>;
  /** What was there before; null: not looked at, so that nothing may be taken away. */
  #kept: ReadonlySet<string> | null = null;
  #cleaning: Promise<unknown> = Promise.resolve();

  constructor(engine: Promise<Engine>) {
    // Before anything is made: a refusal later would be followed by a clean-up.
    requireOwnEngine();
    this.#engine = engine;
  }

  /** What is there now was not made by a row. */
  async keepAll(): Promise<void> {
    this.#kept = new Set(await this.#all());
  }

  /** What is called so, of what was there before, is no longer kept. */
  giveUp(called: string): void {
    const kept = [...(this.#kept ?? [])].filter((thing) => !thing.startsWith(called));
    this.#kept = this.#kept && new Set(kept);
  }

  /** What the row has made so far: `container ID`, `volume NAME`, `network ID`; containers the newest first. */
  async made(): Promise<string[]> {
    return (await this.#all()).filter((thing) => !this.#kept?.has(thing));
  }

  /** Until what was last taken away is gone; an error where it could not be. */
  async gone(): Promise<void> {
    await this.#cleaning;
  }

  /** Takes away everything that a row made, and its folder; does not wait for its end. */
  async takeAway(folder: string): Promise<void> {
    if (this.#kept === null) return;
    const made = await this.made();
    const of = (kind: string) =>
      made.filter((thing) => thing.startsWith(kind)).map((thing) => thing.slice(kind.length));
    const [containers, volumes, networks] = [of('container '), of('volume '), of('network ')];
    const engine = await this.#engine;
    const remove = async () => {
      await Promise.all(containers.map((id) => engine.removeContainer(id)));
      // Anonymous volumes may have gone with their containers just now.
      await Promise.all(volumes.map((name) => engine.removeVolume(name)));
      await Promise.all(networks.map((id) => engine.removeNetwork(id)));
      rmSync(folder, { recursive: true, force: true });
    };
    this.#cleaning = remove();
    // Whether it failed is asked where it is waited for.
    this.#cleaning.catch(() => {});
  }

  async #all(): Promise<string[]> {
    const engine = await this.#engine;
    const [containers, volumes, networks] = await Promise.all([
      engine.listed(),
      engine.volumes(),
      engine.networks({}),
    ]);
    return [
      ...containers.map(({ id }) => `container ${id}`),
      ...volumes.map(({ name }) => `volume ${name}`),
      ...networks.map(({ id }) => `network ${id}`),
    ];
  }
}

/** What a row made cannot be told from what anybody else makes meanwhile: it is all that was not there before. */
function requireOwnEngine(): void {
  if (process.env.PGLAB_STAGE === 'own') return;
  throw new Error(
    'the wrong worlds take away whatever appears on the engine while they are tried: leave DOCKER_HOST unset, so that the tests bring up their own, or say PGLAB_STAGE=own of one that nobody else uses',
  );
}
