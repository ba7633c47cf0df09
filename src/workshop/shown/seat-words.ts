/** What is said and drawn of a seat: its shapes and remarks, the same on a page and in a terminal. */
import type { RoomState } from '../board-schema.ts';
import type { Say } from './board-words.ts';
import type { ShownSeat } from './shown-board.ts';

/** How one thing looks: a shape, and what is read out in its place. Shapes tell without colours. */
export type Mark = 'done' | 'skipped' | 'working' | 'stuck' | 'trouble' | 'away' | 'not-begun' | 'hand';

export const SHAPES: Readonly<Record<Mark, string>> = {
  done: '●',
  skipped: '–',
  working: '◐',
  stuck: '◆',
  trouble: '▲',
  away: '○',
  'not-begun': '·',
  hand: '?',
};

/** The mark of each step, in their order; the step that a seat is at tells how it is. */
export function marksOf(seat: ShownSeat, steps: RoomState['steps']): Mark[] {
  const at = seat.step ?? steps[0]?.id;
  return steps.map(({ id }) => (id === at ? markOf(seat) : markOfStep(seat.steps[id])));
}

function markOfStep(outcome: ShownSeat['steps'][string] | undefined): Mark {
  if (outcome === undefined) return 'not-begun';
  if (outcome === 'met') return 'done';
  return outcome === 'skipped' ? 'skipped' : 'working';
}

/** The mark of a seat as a whole. */
export function markOf({ state, outcome, step, steps }: ShownSeat): Mark {
  if (state !== 'here') return 'away';
  if (outcome !== 'working') return step !== null && steps[step] === 'skipped' ? 'skipped' : outcome;
  return step === null ? 'not-begun' : 'working';
}

/** Why it is in the queue; null: it is not. */
export function needShown(seat: ShownSeat): 'hand' | 'trouble' | 'stuck' | 'away' {
  if (seat.hand) return 'hand';
  if (seat.outcome === 'trouble' || seat.outcome === 'stuck') return seat.outcome;
  return 'away';
}

/** Texts of findings and troubles by their ids, in the reader's language. */
export interface Told {
  say: Say;
  finding: (id: string) => string;
  trouble: (code: string) => string;
}

/** What stands beside its steps: what it reads, how often, how many hints; empty where nothing is to be said. */
export function remarkOf(seat: ShownSeat, { say, finding, trouble }: Told): string {
  const { state, outcome, behind, hints, repeated } = seat;
  if (state === 'left') return say('workshop-board-left');
  const parts = [];
  if (state === 'away')
    parts.push(behind ? say('workshop-board-away-with', { count: behind }) : say('workshop-board-away'));
  if (seat.finding !== null) parts.push((outcome === 'trouble' ? trouble : finding)(seat.finding));
  if (repeated > 1) parts.push(say('workshop-board-times', { count: repeated }));
  if (hints > 0 && outcome !== 'done') parts.push(say('workshop-board-hints', { level: hints }));
  if (seat.proved === false) parts.push(say('workshop-board-unproved'));
  return parts.join(' · ');
}

/** What the queue says of a seat: its step, then what it asks or reads, then who comes. */
export function askOf(seat: ShownSeat, steps: RoomState['steps'], told: Told): string {
  const { say } = told;
  const at = steps.findIndex(({ id }) => id === seat.step);
  const parts = at < 0 ? [] : [say('workshop-board-step', { number: at + 1 })];
  const text = seat.hand?.text;
  if (text) parts.push(say('workshop-board-quoted', { text }));
  else if (seat.hand) parts.push(say('workshop-board-hand'));
  else parts.push(remarkOf(seat, told));
  const { takenBy } = seat;
  if (takenBy === '') parts.push(say('workshop-board-taken'));
  else if (takenBy !== null) parts.push(say('workshop-board-taken-by', { who: takenBy }));
  return parts.filter(Boolean).join(' · ');
}

/** `4:10`, `1:02:07`: minutes and seconds, as they pass. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Seats are called by two digits or more: `07`. */
export function seatLabel(seat: number): string {
  return String(seat).padStart(2, '0');
}
