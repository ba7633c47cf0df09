/**
 * Programs that somebody runs in the container of a step: who comes to its server meanwhile may come from in there, as
 * often as they like. A server counts sessions, and does not tell by which way each came.
 */
import type { EngineEvent } from '../../engine/types.ts';

/** They come to no server. */
const ONLY_PRINTS = new Set(
  'cat date df du echo env grep head hostname id ls printenv ps pwd stat tail true whoami'.split(' '),
);

/**
 * After the end of a program, and of all who are connected: so many looks until the server has counted all who came
 * from there. One reads the sessions before it reads who is connected; the next one reads what has been counted since.
 */
const LOOKS_UNTIL_COUNTED = 2;

/** A program that may come to a server. */
export interface ProgramInside {
  /** Of its exec; empty where the engine does not tell. */
  execId: string;
  /** What it is called, without its folder: `bash`. */
  program: string;
  /** All of its command line. */
  command: string;
}

export class ProgramsInside {
  readonly #running = new Map<string, ProgramInside>();
  readonly #probe: string | undefined;
  #looksToCome = 0;
  #last: ProgramInside | null = null;

  /** `probe`: what asks whether a server is up, and opens no session. */
  constructor(probe?: string) {
    this.#probe = probe;
  }

  /** Takes in that one was started, or has ended. */
  take({ action, execId, command }: Pick<EngineEvent, 'action' | 'execId' | 'command'>): void {
    const program = /^(?:\S*\/)?([\w.+-]{1,30})(?: |$)/.exec(command)?.[1] ?? '?';
    // An engine that does not tell what was run is asked for no more than it tells.
    if (command === '' || program === this.#probe || ONLY_PRINTS.has(program)) return;
    this.#last = { execId, program, command };
    this.#looksToCome = LOOKS_UNTIL_COUNTED;
    if (action === 'exec_start') this.#running.set(execId, this.#last);
    else this.#running.delete(execId);
  }

  /** The last one from which those may have come who have come by now; null: none. To be asked once a look. */
  whoMayHaveCome(areOthersOpen: boolean): ProgramInside | null {
    if (this.#looksToCome === 0) return null;
    if (this.#running.size === 0 && !areOthersOpen) this.#looksToCome -= 1;
    return this.#last;
  }

  /** They ended with their container. */
  forget(): void {
    this.#running.clear();
    this.#looksToCome = 0;
  }
}
