/** The judgement of one check, before it is put into words, and how a check says it. */
import type { FindingKey, NoteKey } from '../content-keys.ts';
import type { Outcome } from '../outcome.ts';
import type { Values } from '../values.ts';
import type { OwnKey } from './own-key.ts';

/** A key of content/findings.*.md, shared or the lab's own. */
export type Finding = FindingKey | OwnKey;

/** A key of content/notes.*.md, shared or the lab's own. */
type Note = NoteKey | OwnKey;

/** `F`: the findings that it may name. */
export interface Verdict<F extends Finding = Finding> {
  outcome: Outcome;
  /** What was seen, for the sentences of the check and of its finding. */
  values: Values;
  /** Why it is not met, or cannot be told. */
  finding?: F;
  /** A shell command that shows the learner the same thing; works when pasted. */
  evidence: string;
  /** Something true that deserves saying though it fails nothing. */
  note?: Note;
}

/** It is as it should be. `values` has all that the check's `says` names. */
export function met(values: Values, evidence: string, note?: Note): Verdict<never> {
  return { outcome: 'met', values, evidence, ...(note === undefined ? {} : { note }) };
}

/** It is not so, or not yet; the finding says why, with these values. */
export function notMet<F extends Finding>(finding: F, values: Values, evidence: string): Verdict<F> {
  return { outcome: 'not-met', finding, values, evidence };
}

/** It cannot be told, though nothing is broken: nobody saw it happen, for example. */
export function unknown<F extends Finding>(finding: F, values: Values, evidence: string): Verdict<F> {
  return { outcome: 'unknown', finding, values, evidence };
}
