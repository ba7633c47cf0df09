/**
 * The article written anew from one run: what the article does, what ran here and why it differs, what was seen and
 * what was said. Made from the run's standing alone, with no engine; all texts are filled, in Markdown where they are prose.
 */
import type { Standing } from '../journal/standing.ts';
import { isOpen, type StepStanding } from '../journal/step-standing.ts';
import { additionsTo } from '../lab/additions.ts';
import { type Content, fillOpen, type StepText } from '../lab/content.ts';
import type { Command, Lab } from '../lab/model.ts';
import { openWords } from '../lab/open-words.ts';
import { shownLine } from '../lab/shown.ts';
import { mapOfPart } from '../map/seen-part.ts';
import { worstOf } from '../outcome.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { Story, StoryStep } from './envelope.ts';
import { type OutputLine, outputLines } from './output-lines.ts';
import { wordsOf } from './words.ts';

export interface Teller {
  lab: Lab;
  content: Content;
  /** The name of a step's text, without its language. */
  stem: (step: string) => string;
}

export function storyOf(
  { lab, content, stem }: Teller,
  { run, pass }: Pick<Story, 'run' | 'pass'>,
  standing: Standing,
): Story {
  const steps = lab.steps.map(({ id }, at) =>
    storyStep({ lab, content, stem }, at, standing.step(id), standing),
  );
  const told = steps.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
  const { begun, pin, image } = standing;
  return {
    ...{
      lab: lab.id,
      run,
      pass,
      begun: begun?.at ?? null,
      lastAt: standing.lastAt,
      pglab: begun?.pglab ?? null,
    },
    reset: resetOf(standing),
    outcome: told.length < steps.length ? 'unknown' : worstOf(told),
    ...{ engine: pin?.engine ?? null, image, tally: tallyOf(steps), steps },
  };
}

/** Null where it was of some steps alone, or left something. */
function resetOf({ lastLine: last, resetUnderWay }: Standing): Story['reset'] {
  if (last?.type !== 'reset-ended' || last.left.length > 0) return null;
  if (resetUnderWay?.steps || resetUnderWay?.named) return null;
  return { at: last.at, removed: last.removed, kept: last.kept.length };
}

function tallyOf(steps: readonly StoryStep[]): Story['tally'] {
  const asked = steps.flatMap(({ question }) => question ?? []);
  return {
    steps: steps.length,
    met: steps.filter(({ outcome }) => outcome === 'met').length,
    skipped: steps.filter(({ outcome }) => outcome === 'skipped').length,
    questions: { asked: asked.length, right: asked.filter(({ said, right }) => said === right).length },
    hints: steps.reduce((sum, { hints }) => sum + hints, 0),
  };
}

/** The words of a skip are the learner's own, one line of text, and no key of the notes. */
function reasonOf(content: Content, { skipped, reason }: StepStanding, values: Values): string | null {
  const own = skipped?.reason ?? null;
  if (own !== null) return own.trim().replace(/\s+/g, ' ');
  const note = reason === null ? null : content.find('notes', reason);
  return note === null ? reason : fillOpen(note, content.named(values));
}

function storyStep(
  { lab, content, stem }: Teller,
  at: number,
  told: StepStanding,
  standing: Standing,
): StoryStep {
  const step = lab.steps[at] as Lab['steps'][number];
  const text = content.step(stem(step.id));
  const values: Values = { ...lab.settings.ports, ...standing.told, ...told.values, step: step.id };
  const filled = (prose: string) => fillOpen(prose, content.named(values));
  const isMet = told.outcome === 'met';
  return {
    ...{ number: at + 1, id: step.id, title: text.title, outcome: told.outcome },
    isHalf: isOpen(told) && told.interrupted,
    resumed: told.attempt?.resumed ?? false,
    reason: isMet ? null : reasonOf(content, told, values),
    byHand: told.attempt?.started.byHand !== undefined,
    ...{ durationMs: told.durationMs, hints: told.hints, intro: filled(text.intro) },
    // Of what was left out, nothing ran.
    commands: told.outcome === 'skipped' ? [] : commandsOf(lab, step.commands, text, told, values, standing),
    question: questionOf(text, told, filled),
    checks: step.checks.flatMap(({ id }) => {
      const judged = (isOpen(told) ? told.verdicts : told.atEnd).get(id);
      if (!judged) return [];
      const { outcome, evidence } = judged;
      return [{ id, outcome, evidence, ...wordsOf(judged, content, text, values) }];
    }),
    explanation: isMet ? filled(text.explanation) : null,
    map: mapOfPart(lab, step, {
      ...{ seen: told.seen, judged: told.atEnd.values(), theirs: standing.things.ofTheLearner() },
      pin: standing.pin,
    }),
    thenAndNow: isMet ? filled(text.thenAndNow) : null,
  };
}

function questionOf(
  { prediction }: StepText,
  { predictions }: StepStanding,
  filled: (prose: string) => string,
): StoryStep['question'] {
  const answer = predictions.at(-1)?.answer;
  if (!prediction || answer === undefined) return null;
  const { right } = prediction;
  return {
    question: filled(prediction.question),
    options: prediction.options.map(filled),
    ...{ right, said: answer, because: filled(prediction.because) },
  };
}

function commandsOf(
  lab: Lab,
  commands: readonly Command[],
  text: StepText,
  { attempt }: StepStanding,
  values: Values,
  standing: Standing,
): StoryStep['commands'] {
  const explained = new Set<string>();
  // What the learner types carries no labels of ours.
  const isHand = attempt?.started.byHand !== undefined;
  return commands.flatMap((command, index) => {
    const run = attempt?.commands.findLast(({ started }) => started.index === index);
    if (!run && command.only === (standing.pin?.local === false ? 'local' : 'remote')) return [];
    const here = run?.started.shown ?? openLine(lab, command, values);
    const lines = outputLines(command, run?.ended?.output ?? '', {
      unpublished: standing.things.unpublished(),
      volumeOf: (name) => standing.things.last(name)?.volume ?? null,
    });
    const said = (line: OutputLine) =>
      'remark' in line && line.remark !== null ? { said: text.look.get(line.remark) ?? '' } : {};
    const ended = run?.ended;
    const ran = ended && { exitCode: ended.exitCode, durationMs: ended.durationMs };
    return [
      {
        ...{
          article: command.article,
          here,
          added:
            here === command.article
              ? []
              : [
                  ...additionsTo(command, here, text, explained, { labelled: !isHand || run !== undefined }),
                ].map(({ fragment, reason }) => ({ fragment, reason: fillOpen(reason, values) })),
        },
        ran: ran ? { ...ran, lines: lines.map((line) => ({ ...line, ...said(line) })) } : null,
      },
    ];
  });
}

/** A journal may have been handed over: a value that no shell takes is left open. */
function openLine(lab: Lab, command: Command, values: Values): string {
  const { service } = lab.settings;
  const words = openWords(lab, command);
  try {
    return shownLine(command, values, service, { words });
  } catch (error) {
    if (error instanceof Trouble) return shownLine(command, {}, service, { words });
    throw error;
  }
}
