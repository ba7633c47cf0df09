/** How the courier is getting on, for verbs that may not ask the network: a file that it writes anew as that changes. */
import { join } from 'node:path';
import { closed, either, flag, integer, matching, nothing, text } from '../../journal/shapes.ts';
import { isHeldByAnother } from '../../lock.ts';
import { readOwn } from '../../own-files.ts';
import { seatFolder, writeWhole } from './seat-file.ts';

export interface CourierStatus {
  /** Since when it is as it is (RFC 3339, by this machine's clock). */
  since: string;
  connected: boolean;
  /** Where the board was last reached, or is looked for. */
  address: string;
  /** Lines that the board does not have, as far as is known. */
  more: number;
  /** Why it cannot go on; null: it can. `twice`: another machine speaks as this seat. `refused`: the board's word. */
  trouble: string | null;
}

const STATUS = closed({
  ...{ since: text, connected: flag, address: text, more: integer(0, Number.MAX_SAFE_INTEGER) },
  trouble: either(matching(/^[a-z-]{1,40}$/), nothing),
});

export function courierFolder(home: string): string {
  return join(seatFolder(home), 'courier');
}

function statusFile(home: string): string {
  return join(seatFolder(home), 'status.json');
}

/** Writes it where it is another one; a folder that is gone is not made again. */
export class StatusWriter {
  readonly #home: string;
  #last = '';

  constructor(home: string) {
    this.#home = home;
  }

  write(status: Omit<CourierStatus, 'since'>): void {
    const now = JSON.stringify(status);
    if (now === this.#last) return;
    this.#last = now;
    try {
      writeWhole(statusFile(this.#home), JSON.stringify({ since: new Date().toISOString(), ...status }));
    } catch {
      // It is for reading only: on a full disk, or in a home that is gone, nobody reads it.
    }
  }
}

/** Null: no courier is under way, or it has not said anything yet. */
export function courierStatus(home: string): CourierStatus | null {
  if (!isHeldByAnother(courierFolder(home))) return null;
  try {
    const told: unknown = JSON.parse(readOwn(statusFile(home)).toString());
    return STATUS(told) ? (told as CourierStatus) : null;
  } catch {
    return null;
  }
}
