/** Where the board may be: the last good address first, and another one after each failure. */
import { BoardLink, type Way } from './board-link.ts';
import { machineId } from './machine-id.ts';
import { readAddress, type Seat } from './seat-file.ts';
import { changeSeat, seatStanding } from './seat-journal.ts';
import { WireToBoard } from './wire-to-board.ts';

export class WaysToBoard {
  readonly #home: string;
  readonly #seat: Seat;
  readonly #hear: (word: unknown) => void;
  #at = 0;
  #wire: WireToBoard | null = null;
  #good: string;

  /** `hear`: called with each word of the board. */
  constructor(home: string, seat: Seat, hear: (word: unknown) => void = () => {}) {
    this.#home = home;
    this.#seat = seat;
    this.#hear = hear;
    this.#good = seat.addresses[0] ?? '';
  }

  get address(): string {
    const { addresses } = this.#seat;
    return addresses[this.#at % addresses.length] ?? '';
  }

  /** The wire to this address. */
  get wire(): WireToBoard {
    this.#wire ??= wireOf(this.#home, this.#seat, this.address, this.#hear);
    return this.#wire;
  }

  /** This wire is of no use any more: another one, to the next address. Said again of the same one, it changes nothing. */
  next(wire: WireToBoard): void {
    if (wire !== this.#wire) return;
    this.close();
    this.#at += 1;
  }

  /** The board answers here: whoever comes later begins with this address. */
  isGood(): void {
    const { address } = this;
    if (address === this.#good) return;
    this.#good = address;
    void changeSeat(this.#home, (file) => {
      if (file.now === null || file.now.key !== this.#seat.key) return file;
      const others = file.now.addresses.filter((each) => each !== address);
      return { ...file, now: { ...file.now, addresses: [address, ...others] } };
    }).catch(() => {});
  }

  close(): void {
    this.#wire?.close();
    this.#wire = null;
  }
}

/** `hear`: called with each word that the seat's journal does not have yet. */
export function wireOf(
  home: string,
  seat: Seat,
  address: string,
  hear: (word: unknown) => void = () => {},
): WireToBoard {
  const courier = machineId(home);
  return new WireToBoard(() => ({
    ...wayOf(seat, address),
    path: `${pathOf(seat)}?courier=${courier}&after=${seatStanding(home).heard}`,
    hear,
  }));
}

/** Where a seat's wire is opened. */
export function pathOf({ seat }: Pick<Seat, 'seat'>): string {
  return `/api/1/seats/${seat}/wire`;
}

/** For what is asked with the seat's own key before there can be a wire. */
export function linkOf(seat: Seat, address: string): BoardLink {
  return new BoardLink(wayOf(seat, address));
}

function wayOf({ workshop, epoch, seat, nonce, key }: Seat, address: string) {
  const { host, port } = readAddress(address) ?? { host: '', port: 0 };
  const identity = { is: 'seat', workshop: workshop.id, epoch, seat, nonce } as const;
  return { host, port, credentials: { identity, key: Buffer.from(key, 'hex') } } satisfies Way;
}
