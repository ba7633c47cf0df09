/** How one step of a run stands: folded from the journal's lines about it, one by one. */
import type { StepOutcome } from '../outcome.ts';
import type { Values } from '../values.ts';
import type { JournalLine, Judged, Line } from './events.ts';

/** A command of an attempt. */
interface CommandRun {
  started: Line<'command-started'>;
  /** Null: it has not come to its end, as far as the journal tells. */
  ended: Line<'command-ended'> | null;
  /** Checks that were judged since it started, and could be told. */
  told: Set<string>;
}

/** All that was told of a step since it was last started; going on with it (`step-resumed`) is the same attempt. */
export interface Attempt {
  /** `byHand` in it: the learner types the commands. */
  started: Line<'step-started'>;
  /** It came to its end: `step-ended`. */
  ended: boolean;
  /** It came to its end, or a look found the step done. */
  over: boolean;
  /** Going on with it did not work out. */
  begunAnew: boolean;
  /** It was broken off, and gone on with. */
  resumed: boolean;
  /** The learner wanted it begun anew. */
  forgotten: boolean;
  /** Lines were lost since, or a reset of the step has begun: what was seen before counts no more. */
  undone: boolean;
  /** What was answered to the question before it. */
  predicted: { answer: number; right: boolean } | null;
  commands: CommandRun[];
}

export interface StepStanding {
  id: string;
  /** How its last attempt ended; null where none has, or where that counts no more. */
  outcome: StepOutcome | null;
  /** The reason of its last end, whether or not that end counts still. */
  reason: string | null;
  durationMs: number | null;
  /** Begun, and neither ended nor begun anew since. */
  interrupted: boolean;
  /** The learner left it out, in words of their own; `before`: how it stood. */
  skipped: { before: Pick<StepStanding, 'outcome' | 'inDoubt'>; reason: string | null } | null;
  /** It is open only because lines were lost after its end. */
  inDoubt: boolean;
  attempt: Attempt | null;
  /** The last verdict of each check, by the check's id. */
  verdicts: Map<string, Judged>;
  /** The line that told it. */
  toldAt: Map<string, Pick<JournalLine, 'seq' | 'at'>>;
  /** The last verdicts since the step was last started or may have been undone; without either, since the run began. */
  witnessed: Map<string, Judged>;
  /** `verdicts` as they were at its last end. */
  atEnd: Map<string, Judged>;
  /** Checks that were met at any time. */
  everMet: Set<string>;
  /** What each check saw when it was first met, since the step was last started. */
  firstMet: Map<string, Values>;
  /** What was seen while it happened, by the check's id. */
  watched: Map<string, Values>;
  /** By a container's short id: when its server had refused somebody last, before the learner was let in. */
  refusedBefore: Map<string, string>;
  /** By the command's key: how it last ended, also where another step needed it. */
  ran: Map<string, Line<'command-ended'>>;
  /** How many hints were given. */
  hints: number;
  predictions: { answer: number; right: boolean }[];
  /** What its prose was last shown with. */
  values: Values;
  /** The world at its last end; a look at a step that was done already leaves it. */
  seen: Line<'seen'> | null;
  /** The last one of all. */
  lastSeen: Line<'seen'> | null;
}

export function blankStep(id: string): StepStanding {
  return {
    id,
    outcome: null,
    reason: null,
    durationMs: null,
    interrupted: false,
    skipped: null,
    inDoubt: false,
    attempt: null,
    verdicts: new Map(),
    toldAt: new Map(),
    witnessed: new Map(),
    atEnd: new Map(),
    everMet: new Set(),
    firstMet: new Map(),
    watched: new Map(),
    refusedBefore: new Map(),
    ran: new Map(),
    hints: 0,
    predictions: [],
    values: {},
    seen: null,
    lastSeen: null,
  };
}

/** Whether a step is still to be done. */
export function isOpen({ outcome }: Pick<StepStanding, 'outcome'>): boolean {
  return outcome !== 'met' && outcome !== 'skipped';
}

/** Lines that say what a step's prose is shown with. */
const SHOWN_WITH = /^(step-started|step-resumed|checking|watching|step-ended|checked)$/;

/** Folds in a line about this very step; a line that says nothing of how it stands changes nothing. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: It is one switch.
export function takeLine(step: StepStanding, line: JournalLine): void {
  if ('values' in line && SHOWN_WITH.test(line.type)) step.values = line.values;
  switch (line.type) {
    case 'step-started':
      step.attempt = attemptOf(line, step.attempt);
      step.witnessed.clear();
      step.firstMet.clear();
      reopen(step);
      break;
    case 'step-resumed':
      if (step.attempt) step.attempt.resumed = true;
      reopen(step);
      break;
    case 'begun-anew':
      if (step.attempt) step.attempt.begunAnew = true;
      if (line.names) forget(step);
      break;
    case 'predicted':
      step.predictions.push({ answer: line.answer, right: line.right });
      if (step.attempt) step.attempt.predicted = { answer: line.answer, right: line.right };
      break;
    case 'command-started':
      step.attempt?.commands.push({ started: line, ended: null, told: new Set() });
      break;
    case 'command-ended':
      commandEnded(step, line);
      break;
    case 'watched':
      step.watched.set(line.check, line.values);
      break;
    case 'acted':
      if (line.values.refused) step.refusedBefore.set(String(line.values.short), String(line.values.refused));
      break;
    case 'judged':
      judged(step, line);
      break;
    case 'seen':
      step.lastSeen = line;
      break;
    case 'step-ended':
      if (step.attempt) step.attempt.ended = true;
      end(step, line);
      break;
    case 'checked':
      // A look finishes what it finds done; what it does not find is not taken back by it.
      if (line.outcome === 'met') end(step, line);
      break;
    case 'hinted':
      step.hints += 1;
      break;
    case 'skipped':
      leaveOut(step, line.reason);
      break;
    case 'unskipped':
      if (step.skipped) Object.assign(step, { ...step.skipped.before, skipped: null });
      break;
  }
}

/**
 * Folds in a line that may have undone the step: lines were lost (what had ended may have been undone in
 * them), or a reset began. A reset of the whole run leaves outcomes as they are: its journal is archived.
 */
export function takeUndoing(step: StepStanding, line: Line<'lines-lost'> | Line<'reset-begun'>): void {
  if (line.type === 'reset-begun' && line.steps?.includes(step.id) === false) return;
  step.witnessed.clear();
  if (step.attempt) step.attempt.undone = true;
  if (line.type === 'lines-lost' && !isOpen(step)) doubt(step);
  if (line.type === 'reset-begun' && line.steps)
    Object.assign(step, { outcome: null, skipped: null, inDoubt: false });
}

/** What ended, or was left out, before lines were lost may have been undone in them. */
function doubt(step: StepStanding): void {
  const { skipped } = step;
  Object.assign(step, { outcome: null, inDoubt: true });
  if (skipped === null) return;
  // Taken back later, the skip is no reason for doubt any more; what it stood at before still may be.
  const inDoubt = skipped.before.inDoubt || !isOpen(skipped.before);
  step.skipped = { before: { outcome: null, inDoubt }, reason: skipped.reason };
}

function leaveOut(step: StepStanding, reason: string | null): void {
  const { outcome, inDoubt } = step;
  const before = step.skipped?.before ?? { outcome, inDoubt };
  Object.assign(step, { outcome: 'skipped', inDoubt: false, skipped: { before, reason } });
}

/** `before`: the attempt that this one follows; begun anew by hand, its question is not asked twice. */
function attemptOf(started: Line<'step-started'>, before: Attempt | null): Attempt {
  const nothingYet = {
    ...{ ended: false, over: false, begunAnew: false },
    ...{ resumed: false, forgotten: false, undone: false },
  };
  const isSame = before?.forgotten === true;
  return { started, ...nothingYet, predicted: isSame ? before.predicted : null, commands: [] };
}

/** Begun anew by the learner, what was seen in it before counts no more. */
function forget(step: StepStanding): void {
  if (step.attempt) step.attempt.forgotten = true;
  for (const seen of [step.verdicts, step.witnessed, step.everMet, step.watched]) seen.clear();
}

function reopen(step: StepStanding): void {
  Object.assign(step, { outcome: null, skipped: null, inDoubt: false, interrupted: true });
}

function end(step: StepStanding, line: Line<'step-ended'> | Line<'checked'>): void {
  const { outcome, reason, durationMs } = line;
  if (line.type === 'step-ended' || isOpen(step)) step.seen = step.lastSeen;
  Object.assign(step, { outcome, reason, durationMs, skipped: null, inDoubt: false, interrupted: false });
  if (step.attempt) step.attempt.over = true;
  step.atEnd = new Map(step.verdicts);
}

function commandEnded(step: StepStanding, line: Line<'command-ended'>): void {
  if (line.key !== null) step.ran.set(line.key, line);
  const running = step.attempt?.commands.at(-1);
  if (running?.started.index === line.index) running.ended = line;
}

function judged(step: StepStanding, line: Line<'judged'>): void {
  const { check } = line;
  step.verdicts.set(check.id, check);
  step.toldAt.set(check.id, line);
  step.witnessed.set(check.id, check);
  if (check.outcome === 'met') {
    step.everMet.add(check.id);
    // With another container it is another moment.
    if (step.firstMet.get(check.id)?.short !== check.values.short || !step.firstMet.has(check.id))
      step.firstMet.set(check.id, check.values);
  }
  if (check.outcome !== 'unknown') step.attempt?.commands.at(-1)?.told.add(check.id);
}
