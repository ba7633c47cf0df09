/** What a seat of a workshop hears, and its hand. `pace`: the step that the room is at; null: everybody at their own pace. */
export interface SeatWords {
  said: string | null;
  pace: string | null;
  hand: 'down' | 'up' | 'taken';
}
