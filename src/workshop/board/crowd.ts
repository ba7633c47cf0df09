import type { Socket } from 'node:net';

/**
 * Connections of one kind, so many at most: whoever comes beyond that takes the place of the oldest. To refuse the newest
 * would keep everybody out for as long as one who says nothing likes.
 */
export class Crowd {
  readonly #most: number;
  readonly #sockets = new Set<Socket>();
  readonly #emptied: () => void;

  constructor(most: number, emptied: () => void = () => {}) {
    this.#most = most;
    this.#emptied = emptied;
  }

  /** It is counted until it leaves, or is closed. */
  enter(socket: Socket): void {
    if (this.#sockets.size >= this.#most) {
      const [oldest] = this.#sockets;
      if (oldest) this.leave(oldest);
      oldest?.destroy();
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.leave(socket));
  }

  leave(socket: Socket): void {
    if (this.#sockets.delete(socket) && this.#sockets.size === 0) this.#emptied();
  }
}
