/** What a wall shows: counts and what was set, and nobody's name. */
import type { BoardView, RoomState } from '../board-schema.ts';

export interface WallNews {
  name: string;
  here: number;
  /** Seats that have not left. */
  all: number;
  counts: BoardView['steps'];
  room: RoomState;
}
