/**
 * Containers that remove themselves when they end (`--rm`): kept as they were last seen, with their log, for a step that
 * is about their end.
 */
import type { Container, Engine, EngineEvent } from '../../engine/types.ts';
import { LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';

/** Lines of a log that are kept of each. */
const MOST_LINES = 5_000;

interface Kept {
  container: Container;
  log: string[];
  /** Resolves when its log has come to its end. */
  said: Promise<void>;
}

export class Departed {
  readonly #engine: Engine;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<string, Promise<Kept | null>>();
  readonly #gone = new Map<string, Container>();

  constructor(engine: Engine, signal: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
  }

  /** Takes in a change on the engine; resolves once it is known what that leaves. */
  async take({ type, action, id, exitCode, labels }: EngineEvent): Promise<void> {
    if (type !== 'container' || LABEL.run in labels) return;
    if (action === 'start') this.#kept.set(id, this.#keep(id));
    if (action !== 'die') return;
    const kept = await this.#kept.get(id);
    if (!kept) return;
    await kept.said;
    this.#gone.set(id, {
      ...kept.container,
      status: 'exited',
      exitCode: exitCode ?? 0,
      bindings: [],
      addresses: [],
      places: [],
    });
  }

  /** The engine as it would be if these were there still. */
  engine(): Engine {
    const { logs, listed, listedById, container } = this.#engine;
    const missing = (there: readonly { id: string }[]) =>
      [...this.#gone.values()].filter(({ id }) => there.every((each) => each.id !== id));
    return {
      ...this.#engine,
      listed: async (labels) => {
        const there = await listed(labels);
        return labels === undefined ? [...missing(there), ...there] : there;
      },
      listedById: async (ids) => {
        const there = await listedById(ids);
        return [...there, ...missing(there).filter(({ id }) => ids.includes(id))];
      },
      container: async (id) => this.#gone.get(id) ?? container(id),
      logs: async (id, part) =>
        this.#gone.has(id) ? ((await this.#kept.get(id))?.log.join('\n') ?? '') : logs(id, part),
    };
  }

  async #keep(id: string): Promise<Kept | null> {
    const container = await this.#engine.container(id).catch((error) => {
      // Whether the engine is gone is for the next look to say.
      if (error instanceof Trouble) return null;
      throw error;
    });
    if (!container?.removesItself) return null;
    const log: string[] = [];
    const said = (async () => {
      for await (const line of this.#engine.logLines(id, this.#signal))
        if (log.length < MOST_LINES) log.push(line);
    })().catch(() => {});
    return { container, log, said };
  }
}
