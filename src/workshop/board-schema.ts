/**
 * The one source of what a board shows: `pglab workshop board --once --format json` prints it under `workshop`, the page and
 * the terminal draw it. Loaded by `npm run schemas` alone; the program knows it by its types.
 */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';

const text = Type.String();
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const seatNumber = Type.Integer({ minimum: 1 });
const orNull = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);
const closed = <T extends TProperties>(fields: T) => Type.Object(fields, { additionalProperties: false });

const hand = closed({
  text: orNull(text),
  sinceMs: whole,
  /** Who comes; null: nobody yet. */
  takenBy: orNull(text),
});

const seat = closed({
  seat: seatNumber,
  name: text,
  state: Type.Enum(['here', 'away', 'left']),
  /** Where it is; null before its first. */
  step: orNull(text),
  outcome: Type.Enum(['working', 'stuck', 'trouble', 'done']),
  /** Since when it is so, by the board's clock. */
  sinceMs: whole,
  /** The newest that was told of its step; of trouble its code. */
  finding: orNull(text),
  hints: whole,
  hand: orNull(hand),
  /** Lines that the board knows of and does not have; null: nobody knows. */
  behind: orNull(whole),
  /** Whether it proved that a reset left nothing; null: none was asked for. */
  proved: orNull(Type.Boolean()),
});

const step = closed({ id: text, done: whole, stuck: whole, working: whole });

const workshop = closed({
  id: text,
  name: text,
  /** Counts groups, from 1: a reset for the next group raises it. */
  group: Type.Integer({ minimum: 1 }),
  /** RFC 3339, by the board's clock. */
  time: text,
  seats: Type.Array(seat),
  /** Who needs the instructor, most urgent first. */
  needsYou: Type.Array(seatNumber),
  steps: Type.Array(step),
});

export type BoardView = Static<typeof workshop>;
export type SeatView = Static<typeof seat>;

export function boardSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab workshop board',
    description: 'The key `workshop` of what `pglab workshop board --once --format json` prints.',
    ...workshop,
  };
}

/** What the page and the terminal have beside it, of a seat: a step's outcome by its id, and what they group by. */
export interface SeatSteps {
  seat: number;
  steps: Record<string, 'met' | 'not-met' | 'unknown' | 'skipped' | 'working'>;
  /** How often the finding was told in a row. */
  repeated: number;
  /** Who of the instructors sees to it; null: nobody yet. Empty: somebody without a name. */
  takenBy: string | null;
}

/** What an instructor's page or terminal gets: first `whole`, then what has changed, in order of `version`. */
export type BoardNews =
  | { type: 'whole'; version: number; board: BoardView; seats: SeatSteps[]; room: RoomState }
  | { type: 'changed'; version: number; time: string; seats: (SeatView & SeatSteps)[]; gone: number[] }
  | { type: 'room'; version: number; needsYou: number[]; steps: BoardView['steps']; room: RoomState };

/** What the instructor has set. */
export interface RoomState {
  /** The step that the room is at; null: everybody at their own pace. */
  pace: string | null;
  said: { text: string; sinceMs: number } | null;
  locked: boolean;
  closed: boolean;
  /** The line to join with, for the wall. */
  join: string;
  /** Seats of a group at most; 0: nobody has said. */
  most: number;
  /** Steps in their order, with their titles by language. */
  steps: { id: string; title: Record<string, string> }[];
}
