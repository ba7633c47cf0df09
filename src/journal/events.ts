/**
 * Everything that happens, as one stream. The runner yields these; the journal, the terminal and
 * the reports read them. What the journal keeps is enough to replay a run.
 */
import type { FindingKey, MessageKey, NoteKey, TroubleKey } from '../content-keys.ts';
import type { EngineInfo } from '../engine/types.ts';
import type { How } from '../image-how.ts';
import type { OwnKey } from '../lab/own-key.ts';
import type { Outcome, StepOutcome } from '../outcome.ts';
import type { Values } from '../values.ts';

/** A verdict on its way out: data still, put into words by whoever shows it. */
export interface Judged {
  id: string;
  kind: string;
  outcome: Outcome;
  values: Values;
  finding: FindingKey | TroubleKey | OwnKey | null;
  note: NoteKey | OwnKey | null;
  evidence: string;
}

export interface PinnedImage {
  ref: string;
  id: string;
  postgresMajor: number | null;
}

/** What the journal keeps. */
export type JournalEvent =
  | { type: 'run-started'; lab: string; content: string; pglab: string }
  | { type: 'engine-pinned'; engine: EngineInfo; root?: string }
  | { type: 'image-pinned'; image: PinnedImage; how: How }
  | {
      type: 'step-started';
      step: string;
      values: Values;
      /** The learner types the commands; `before`: containers without our label that were there. */
      byHand?: { before: string[] };
    }
  /** An interrupted step goes on, at this command. */
  | { type: 'step-resumed'; step: string; index: number; values: Values }
  /** Going on did not work out: it is begun from its start. */
  | { type: 'begun-anew'; step: string }
  | { type: 'predicted'; step: string; answer: number; right: boolean }
  | { type: 'noted'; step: string | null; note: NoteKey | TroubleKey; values: Values }
  | { type: 'chosen'; name: string; value: number; wanted: number }
  | {
      type: 'command-started';
      step: string;
      index: number;
      run: string;
      shown: string;
      creates: string | null;
    }
  | {
      type: 'command-ended';
      step: string;
      index: number;
      key: string | null;
      run: string;
      exitCode: number;
      durationMs: number;
      output: string;
    }
  | { type: 'made'; kind: 'container' | 'volume'; name: string; id: string; volume: string | null }
  /** What the learner made is taken for a name of the world; never removed unasked. */
  | {
      type: 'adopted';
      kind: 'container' | 'volume';
      name: string;
      id: string;
      volume: string | null;
      /** It only came nearest: it may be something else of theirs. */
      near?: boolean;
    }
  | { type: 'removed'; kind: 'container' | 'volume' | 'network'; name: string; id: string }
  | { type: 'watched'; step: string; check: string; values: Values }
  | { type: 'judged'; step: string; check: Judged }
  | {
      type: 'step-ended';
      step: string;
      outcome: StepOutcome;
      reason: NoteKey | null;
      durationMs: number;
      values: Values;
    }
  /** How a step stands, without having been run by us. */
  | {
      type: 'checked';
      step: string;
      outcome: StepOutcome;
      reason: NoteKey | null;
      durationMs: number;
      values: Values;
    }
  | { type: 'hinted'; step: string; level: number }
  | { type: 'trouble'; code: TroubleKey; values: Values }
  /**
   * From here on things go, of these steps or of all; `steps-reset` or the end of the journal follows.
   * `named`: as they were given, without those that build on them.
   */
  | { type: 'reset-begun'; planned: number; steps?: string[]; named?: string[] }
  /** These steps begin anew: what was told of them, and of the names they make, counts no more. */
  | { type: 'steps-reset'; steps: string[]; names: string[] };

/** The sentences for what changed on the engine. */
export type ChangeKey = Extract<MessageKey, `change-${string}`>;
type ProgressStage =
  | Extract<MessageKey, 'engine-line' | 'pulling' | 'building' | 'building-line' | 'loading'>
  | 'pull-bytes';

/** What only lives on the screen. */
export type LiveEvent =
  | { type: 'checking'; step: string; values: Values }
  /** From now on verdicts come as they change; `byHand`: with the goal in front. */
  | { type: 'watching'; step: string; values: Values; byHand: boolean; endpoint: string | null }
  /** Something on the engine changed: a key of the messages, `change-…`. */
  | { type: 'changed'; change: ChangeKey; values: Values }
  | { type: 'shown'; step: string; values: Values; local: boolean }
  | { type: 'output'; step: string; index: number; line: string }
  | { type: 'waiting'; what: 'ready'; name: string }
  | { type: 'foreground-ready'; step: string }
  | { type: 'progress'; stage: ProgressStage; values: Values; current?: number; total?: number };

export type LabEvent = JournalEvent | LiveEvent;

/** Here lines of the journal are missing or damaged. Never written: found when it is read. */
interface LinesLost {
  type: 'lines-lost';
}

/** A line of the journal: ordered by `seq`, never by the clock. */
export type JournalLine = (JournalEvent | LinesLost) & {
  v: number;
  seq: number;
  at: string;
  participant: string;
};

/** A line that tells of this: `Line<'made'>`. */
export type Line<T extends JournalLine['type']> = Extract<JournalLine, { type: T }>;

const LIVE = new Set<string>([
  'checking',
  'watching',
  'changed',
  'shown',
  'output',
  'waiting',
  'foreground-ready',
  'progress',
] satisfies LiveEvent['type'][]);

export function isLive(event: LabEvent): event is LiveEvent {
  return LIVE.has(event.type);
}
