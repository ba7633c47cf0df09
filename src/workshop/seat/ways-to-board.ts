/** Where the board may be: the last good address first, and another one after each failure. */
import { BoardLink } from './board-link.ts';
import { readAddress, type Seat } from './seat-file.ts';
import { changeSeat } from './seat-journal.ts';

export class WaysToBoard {
  readonly #home: string;
  readonly #seat: Seat;
  #at = 0;
  #link: BoardLink | null = null;
  #good: string;

  constructor(home: string, seat: Seat) {
    this.#home = home;
    this.#seat = seat;
    this.#good = seat.addresses[0] ?? '';
  }

  get address(): string {
    const { addresses } = this.#seat;
    return addresses[this.#at % addresses.length] ?? '';
  }

  /** The connection, made when it is first asked for. */
  get link(): BoardLink {
    this.#link ??= linkOf(this.#seat, this.address);
    return this.#link;
  }

  /** This connection is of no use any more: another one, to the next address. */
  next(): void {
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
    this.#link?.close();
    this.#link = null;
  }
}

/** A connection with the seat's own key. */
export function linkOf({ workshop, epoch, seat, nonce, key }: Seat, address: string): BoardLink {
  const { host, port } = readAddress(address) ?? { host: '', port: 0 };
  const identity = { is: 'seat', workshop: workshop.id, epoch, seat, nonce } as const;
  return new BoardLink({ host, port, credentials: { identity, key: Buffer.from(key, 'hex') } });
}
