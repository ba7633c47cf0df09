/** Who needs the instructor, most urgent first: hands, trouble, who is stuck, who is away and should not be. */
import type { Seat } from './seat.ts';

/** A laptop that wakes, or changes its network, is back before. */
export const AWAY_AFTER_MS = 20_000;

const RANKS = ['hand', 'trouble', 'stuck', 'away'] as const;

export type Need = (typeof RANKS)[number];

/** `isFinished`: whether it has done all steps, and may well be gone. */
export function needOf(
  seat: Seat,
  now: number,
  isFinished: (seat: Seat) => boolean,
): { need: Need; sinceMs: number } | null {
  if (seat.hasLeft) return null;
  if (seat.hand) return { need: 'hand', sinceMs: seat.hand.sinceMs };
  const { outcome, sinceMs } = seat.known;
  if (outcome === 'trouble' || outcome === 'stuck') return { need: outcome, sinceMs };
  if (seat.isHere || now - seat.stateSinceMs < AWAY_AFTER_MS || isFinished(seat)) return null;
  return { need: 'away', sinceMs: seat.stateSinceMs };
}

/** Those of one kind by how long they wait, then by seat. */
export function inOrder(needs: readonly { seat: number; need: Need; sinceMs: number }[]): number[] {
  const rank = ({ need }: { need: Need }) => RANKS.indexOf(need);
  return [...needs]
    .sort((a, b) => rank(a) - rank(b) || a.sinceMs - b.sinceMs || a.seat - b.seat)
    .map(({ seat }) => seat);
}
