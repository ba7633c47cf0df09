/**
 * The standing of a run asked the slow and plain way: by a scan over all lines for each question. What
 * `src/journal/standing.ts` folds line by line must come to the same, whatever the lines are.
 */
import type { JournalLine, Judged } from '../src/journal/events.ts';
import type { Step } from '../src/lab/model.ts';
import type { StepOutcome } from '../src/outcome.ts';
import type { Values } from '../src/values.ts';

type Lines = readonly JournalLine[];
type Kind = 'container' | 'volume';

/** Without what was told of steps before they were reset. */
export function sinceResets(lines: Lines): JournalLine[] {
  return lines.filter((line, at) => {
    const resets = lines.slice(at + 1).filter((each) => each.type === 'steps-reset');
    return !resets.some(({ steps, names }) => {
      if ('step' in line && line.step !== null && steps.includes(line.step)) return true;
      return 'name' in line && line.type !== 'chosen' && names.includes(line.name);
    });
  });
}

const isOpen = (outcome: StepOutcome | null) => outcome !== 'met' && outcome !== 'skipped';
const isEnd = (line: JournalLine) =>
  line.type === 'step-ended' || (line.type === 'checked' && line.outcome === 'met');
const mayHaveUndone = (line: JournalLine, step: string) =>
  line.type === 'lines-lost' || (line.type === 'reset-begun' && (line.steps?.includes(step) ?? true));
const startOf = (lines: Lines, step: string) =>
  lines.findLastIndex((line) => line.type === 'step-started' && line.step === step);

export function progress(lines: Lines, step: string) {
  let outcome: StepOutcome | null = null;
  let interrupted = false;
  /** What the step stood at before it was left out, and why it was; null where it is not. */
  let left: { before: StepOutcome | null; reason: string | null } | null = null;
  for (const line of lines) {
    const isBegun = (line.type === 'step-started' || line.type === 'step-resumed') && line.step === step;
    const isReset = line.type === 'reset-begun' && (line.steps?.includes(step) ?? false);
    if (isBegun || isReset || (line.type === 'lines-lost' && !isOpen(outcome))) {
      outcome = null;
      left = null;
    }
    if (line.type === 'skipped' && line.step === step) {
      left = { before: left ? left.before : outcome, reason: line.reason };
      outcome = 'skipped';
    }
    if (line.type === 'unskipped' && line.step === step && left) {
      outcome = left.before;
      left = null;
    }
    if (isBegun) interrupted = true;
    if ((line.type === 'step-ended' || (line.type === 'checked' && isEnd(line))) && line.step === step) {
      outcome = line.outcome;
      interrupted = false;
      left = null;
    }
  }
  return { id: step, outcome, interrupted, reason: left?.reason ?? null };
}

export function isInDoubt(lines: Lines, step: string): boolean {
  const told = lines.filter(({ type }) => type !== 'lines-lost');
  return !isOpen(progress(told, step).outcome) && isOpen(progress(lines, step).outcome);
}

/** Of an attempt of ours that was interrupted: the command to run next, or null where it begins anew. */
export function resumeAt(lines: Lines, step: Step): { index: number; predicted: boolean } | null {
  const begun = startOf(lines, step.id);
  const start = lines[begun];
  if (start?.type !== 'step-started' || start.byHand) return null;
  const since = lines.slice(begun);
  const attempt = since.filter((line) => 'step' in line && line.step === step.id);
  if (since.some((line) => mayHaveUndone(line, step.id))) return null;
  if (attempt.some((line) => isEnd(line) || line.type === 'begun-anew')) return null;
  const last = attempt.findLast((line) => line.type === 'command-started');
  const command = last && step.commands[last.index];
  // The lab of this test has lines without placeholders.
  if (!last || command?.run !== last.ran) return null;
  const after = attempt.slice(attempt.indexOf(last));
  const ended = after.some(
    (line) =>
      line.type === 'command-ended' &&
      line.index === last.index &&
      (command.exits ?? [0]).includes(line.exitCode),
  );
  const proved = [...(command.proves ?? []), ...(command.during ?? [])].every((id) =>
    after.some((line) => line.type === 'judged' && line.check.id === id && line.check.outcome !== 'unknown'),
  );
  const predicted = attempt.some(({ type }) => type === 'predicted');
  if (ended && proved) return { index: last.index + 1, predicted };
  return command.during || ended ? null : { index: last.index, predicted };
}

/** Whether what this command made or took away was written down since it last ended. */
export function isRecorded(lines: Lines, step: Step, index: number): boolean {
  const { creates, createsVolume, removes } = step.commands[index] ?? {};
  const ended = lines.findLastIndex(
    (line) => line.type === 'command-ended' && line.step === step.id && line.index === index,
  );
  return lines
    .slice(ended)
    .some(
      (line) =>
        (line.type === 'made' && (line.name === creates || line.name === createsVolume)) ||
        (line.type === 'removed' && line.name === removes),
    );
}

function verdict(lines: Lines, step: string, check: string): Judged | null {
  const line = lines.findLast(
    (each) => each.type === 'judged' && each.step === step && each.check.id === check,
  );
  return line?.type === 'judged' ? line.check : null;
}

export function verdicts(lines: Lines, step: string, check: string) {
  const begun = lines.findLastIndex(
    (line) => mayHaveUndone(line, step) || (line.type === 'step-started' && line.step === step),
  );
  const ended = lines.findLastIndex((line) => isEnd(line) && 'step' in line && line.step === step);
  return {
    last: verdict(lines, step, check),
    witnessed: verdict(lines.slice(Math.max(0, begun)), step, check),
    atEnd: ended < 0 ? null : verdict(lines.slice(0, ended), step, check),
    everMet: lines.some(
      (line) =>
        line.type === 'judged' &&
        line.step === step &&
        line.check.id === check &&
        line.check.outcome === 'met',
    ),
  };
}

/** An attempt by hand that has not ended: who was there before, and whether its prediction was asked. */
export function byHand(lines: Lines, step: string) {
  const begun = startOf(lines, step);
  const start = lines[begun];
  if (start?.type !== 'step-started' || !start.byHand) return null;
  const since = lines.slice(begun).filter((line) => 'step' in line && line.step === step);
  if (since.some(({ type }) => type === 'step-ended')) return null;
  return { before: start.byHand.before, predicted: since.some(({ type }) => type === 'predicted') };
}

export function ran(lines: Lines, step: string, key: string): number | null {
  const line = lines.findLast(
    (each) => each.type === 'command-ended' && each.step === step && each.key === key,
  );
  return line?.seq ?? null;
}

/** The id of the last thing of this name. */
export function last(lines: Lines, name: string, type: 'made' | 'adopted' | null, kind: Kind | null) {
  const line = lines.findLast(
    (each) =>
      (each.type === 'made' || each.type === 'adopted') &&
      each.name === name &&
      (type === null || each.type === type) &&
      (kind === null || each.kind === kind),
  );
  return line?.type === 'made' || line?.type === 'adopted' ? line.id : null;
}

export function resetUnderWay(lines: Lines): number | null {
  const at = lines.findLastIndex(({ type }) => type === 'reset-begun');
  const isOver = lines.slice(at).some(({ type }) => /^(steps-reset|step-started|step-resumed)$/.test(type));
  return at < 0 || isOver ? null : (lines[at]?.seq ?? null);
}

export function values(lines: Lines): Values {
  const found: Values = {};
  for (const line of lines) {
    if (line.type === 'chosen') found[line.name] = line.value;
    if (line.type === 'judged' && line.check.outcome === 'met')
      for (const [key, value] of Object.entries(line.check.values)) found[`${line.check.id}.${key}`] = value;
  }
  return found;
}

export function told(lines: Lines): Values {
  const found: Values = {};
  for (const line of lines) {
    if (line.type === 'chosen') found[line.name] = line.value;
    if (
      /^(step-started|step-resumed|checking|watching|step-ended|checked)$/.test(line.type) &&
      'values' in line
    )
      Object.assign(found, line.values);
    if ((line.type === 'made' || line.type === 'adopted') && line.kind === 'container')
      Object.assign(found, { [`${line.name}.id`]: line.id, [`${line.name}.short`]: line.id.slice(0, 12) });
  }
  return found;
}

export function imageHow(lines: Lines): string {
  const ways = lines.flatMap((line) => (line.type === 'image-pinned' ? [line.how] : []));
  return ways.find((how) => how !== 'local') ?? 'local';
}
