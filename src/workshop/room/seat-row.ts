/** What is shown of a seat: its row, and the steps beside it. */
import type { SeatSteps, SeatView } from '../board-schema.ts';
import type { Proof, Seat } from './seat.ts';
import { type StepWalk, tellingOf } from './step-walk.ts';

/** `before`: what it proved to the group before this one. */
export function rowOf(seat: Seat, before: Proof | null, now: number): SeatView {
  const { step, hand, hasLeft, isHere } = seat;
  const { outcome, sinceMs } = seat.known;
  const proof = seat.proof ?? before;
  return {
    seat: seat.number,
    name: seat.name,
    state: hasLeft ? 'left' : isHere ? 'here' : 'away',
    step: step?.id ?? null,
    outcome,
    sinceMs: Math.max(0, now - (isHere ? sinceMs : seat.stateSinceMs)),
    finding: seat.trouble ?? (step && outcome !== 'done' ? tellingOf(step).finding : null),
    hints: step?.hints ?? 0,
    hand: hand && { text: hand.text, sinceMs: Math.max(0, now - hand.sinceMs), takenBy: seat.takenBy },
    behind: seat.behind,
    proved: proof?.proved ?? null,
  };
}

export function stepsOf(seat: Seat): SeatSteps {
  const steps: SeatSteps['steps'] = {};
  for (const step of seat.steps.values()) steps[step.id] = step.outcome ?? 'working';
  const repeated = seat.step ? tellingOf(seat.step).streak : 0;
  return { seat: seat.number, steps, repeated, takenBy: seat.takenBy };
}

/** What a seat did, step by step, for who opens it: times, findings, hints, and nothing else. */
export interface SeatStory {
  seat: number;
  name: string;
  pglab: string;
  steps: (Pick<StepWalk, 'id' | 'byHand' | 'hints' | 'predicted' | 'tookMs'> & {
    outcome: SeatSteps['steps'][string];
    sinceMs: number | null;
    findings: { finding: string; times: number }[];
  })[];
}

export function storyOf(seat: Seat, now: number): SeatStory {
  const steps = [...seat.steps.values()].map((step) => ({
    id: step.id,
    outcome: step.outcome ?? ('working' as const),
    byHand: step.byHand,
    hints: step.hints,
    predicted: step.predicted,
    tookMs: step.tookMs,
    sinceMs: step.begunMs === null ? null : Math.max(0, now - step.begunMs),
    findings: [...step.findings.values()].map(({ finding, times }) => ({ finding, times })),
  }));
  return { seat: seat.number, name: seat.name, pglab: seat.pglab, steps };
}
