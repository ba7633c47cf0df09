/** How one seat stands in one step: folded from what left its machine about it. Times are the board's, in milliseconds. */

/** A check that is not met, as it was last told. */
interface Unmet {
  finding: string | null;
  /** How often this finding was told in a row. */
  streak: number;
  /** Counts verdicts: the highest is the newest. */
  told: number;
}

/** One finding, for the story of a seat. */
interface FindingTold {
  finding: string;
  times: number;
  firstMs: number;
  lastMs: number;
}

export interface StepWalk {
  id: string;
  /** Null: it was begun, or judged, and has not come to an end since. */
  outcome: 'met' | 'not-met' | 'unknown' | 'skipped' | null;
  /** The outcome before it was left out. */
  before: StepWalk['outcome'];
  byHand: boolean;
  /** Null: nobody said that it began. */
  begunMs: number | null;
  endedMs: number | null;
  /** How long it took; null where its begin and its end came together, so that nobody knows. */
  tookMs: number | null;
  /** What came with its begin. */
  begunWith: number;
  unmet: Map<string, Unmet>;
  findings: Map<string, FindingTold>;
  hints: number;
  /** Hints that an instructor has seen to. */
  hintsAnswered: number;
  predicted: boolean | null;
}

/** How often a finding is told until somebody counts as stuck on it. */
export const STUCK_AFTER = 3;

/** Checks, and findings, that are kept of a step: no seat fills the board's memory. */
const MOST_KEPT = 64;

export function blankWalk(id: string): StepWalk {
  return {
    id,
    outcome: null,
    before: null,
    byHand: false,
    begunMs: null,
    endedMs: null,
    tookMs: null,
    begunWith: 0,
    unmet: new Map(),
    findings: new Map(),
    hints: 0,
    hintsAnswered: 0,
    predicted: null,
  };
}

export function isDone({ outcome }: StepWalk): boolean {
  return outcome === 'met' || outcome === 'skipped';
}

/** Verdicts outlive a begin: who runs a step three times and reads the same thing each time is stuck on it. */
export function begin(
  step: StepWalk,
  { byHand, now, batch }: { byHand: boolean; now: number; batch: number },
) {
  if (step.begunMs === null || isDone(step)) Object.assign(step, { begunMs: now, begunWith: batch });
  Object.assign(step, { outcome: null, byHand, endedMs: null });
}

export function judge(
  step: StepWalk,
  { check, outcome, finding }: { check: string; outcome: string; finding: string | null },
  { now, told }: { now: number; told: number },
): void {
  if (outcome === 'met') step.unmet.delete(check);
  if (outcome !== 'not-met') return;
  const last = step.unmet.get(check);
  if (last === undefined && step.unmet.size >= MOST_KEPT) return;
  const isSame = finding !== null && last?.finding === finding;
  step.unmet.set(check, { finding, streak: isSame ? last.streak + 1 : 1, told });
  if (finding !== null) keep(step, finding, now);
}

function keep({ findings }: StepWalk, finding: string, now: number): void {
  const known = findings.get(finding);
  if (known) Object.assign(known, { times: known.times + 1, lastMs: now });
  else if (findings.size < MOST_KEPT) findings.set(finding, { finding, times: 1, firstMs: now, lastMs: now });
}

/** A look finishes what it finds done; what it does not find is not taken back by it. */
export function end(
  step: StepWalk,
  outcome: StepWalk['outcome'],
  { now, batch }: { now: number; batch: number },
) {
  if (isDone(step) && outcome !== 'met') return;
  const isNew = !isDone(step);
  step.outcome = outcome;
  if (!isDone(step)) return;
  step.unmet.clear();
  if (!isNew) return;
  step.endedMs = now;
  step.tookMs = step.begunMs === null || step.begunWith === batch ? null : now - step.begunMs;
}

export function leaveOut(step: StepWalk, undone: boolean): void {
  if (undone && step.outcome === 'skipped') step.outcome = step.before;
  if (undone || step.outcome === 'skipped') return;
  step.before = step.outcome;
  step.outcome = 'skipped';
}

/** The instructor has seen to it: counting begins anew, and so does the clock. */
export function answer(step: StepWalk, now: number): void {
  for (const unmet of step.unmet.values()) unmet.streak = 0;
  step.hintsAnswered = step.hints;
  if (step.begunMs !== null && !isDone(step)) step.begunMs = now;
}

/** The finding to tell: the one that was told often enough to be stuck on, else the newest. */
export function tellingOf({ unmet }: StepWalk): { finding: string | null; streak: number } {
  let telling: Unmet | null = null;
  for (const one of unmet.values()) {
    if (telling === null || isMore(one, telling)) telling = one;
  }
  return { finding: telling?.finding ?? null, streak: telling?.streak ?? 0 };
}

function isMore(one: Unmet, other: Unmet): boolean {
  if (one.streak !== other.streak && Math.max(one.streak, other.streak) >= STUCK_AFTER)
    return one.streak > other.streak;
  return one.streak < STUCK_AFTER && one.told > other.told;
}
