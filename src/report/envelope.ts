/**
 * The one source of what `--format json` prints, as README and the graders that read it know it. It is
 * loaded by `npm run schemas` alone; the program knows it by its type.
 */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { engine, image } from '../journal/schema.ts';
import { mapSchema, type WorldMap } from '../map/map-schema.ts';

const text = Type.String();
const orNull = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);
const closed = <T extends TProperties>(fields: T) => Type.Object(fields, { additionalProperties: false });
const outcome = Type.Enum(['met', 'not-met', 'unknown']);

const command = closed({
  article: orNull(text),
  ran: text,
  exitCode: orNull(Type.Integer()),
  durationMs: Type.Number(),
  output: text,
});

const check = closed({
  ...{ id: text, outcome, expected: text, observed: text },
  ...{ finding: orNull(text), note: orNull(text), evidence: text },
});

const step = closed({
  id: text,
  outcome: Type.Enum(['met', 'not-met', 'unknown', 'skipped']),
  reason: orNull(text),
  durationMs: Type.Number(),
  commands: Type.Array(command),
  checks: Type.Array(check),
});

const ENVELOPE = {
  schema: Type.Literal(1),
  lab: text,
  run: orNull(text),
  outcome,
  engine: orNull(engine),
  image: orNull(image),
  steps: Type.Array(step),
  trouble: orNull(closed({ code: text, message: text, fix: text })),
};

export type Result = Static<Type.TObject<typeof ENVELOPE>>;
export type StepResult = Static<typeof step>;

/** A line of output as it is shown, `said` beside it; or how many lines are left out here. */
const outputLine = Type.Union([
  closed({ text, remark: orNull(text), said: Type.Optional(text) }),
  closed({ folded: Type.Integer() }),
]);

const storyStep = closed({
  number: Type.Integer(),
  id: text,
  title: text,
  /** Null: it was not done, or not to its end; `isHalf`: begun, and not ended. */
  outcome: orNull(Type.Enum(['met', 'not-met', 'unknown', 'skipped'])),
  isHalf: Type.Boolean(),
  /** It was broken off, and gone on with. */
  resumed: Type.Boolean(),
  reason: orNull(text),
  byHand: Type.Boolean(),
  durationMs: orNull(Type.Number()),
  hints: Type.Integer(),
  intro: text,
  commands: Type.Array(
    closed({
      /** Null where the article only describes it. */
      article: orNull(text),
      here: text,
      /** Why something was added to the article's command; `fragment` null: the labels. */
      added: Type.Array(closed({ fragment: orNull(text), reason: text })),
      /** Null: it did not run, or the learner typed it. */
      ran: orNull(
        closed({ exitCode: Type.Number(), durationMs: Type.Number(), lines: Type.Array(outputLine) }),
      ),
    }),
  ),
  /** `right`, `said`: which of the options. */
  question: orNull(
    closed({
      ...{ question: text, options: Type.Array(text) },
      ...{ right: Type.Integer(), said: Type.Integer(), because: text },
    }),
  ),
  checks: Type.Array(
    closed({
      ...{ id: text, outcome, title: text, expected: text, observed: text },
      ...{ why: orNull(text), goOn: orNull(text), note: orNull(text), evidence: text },
    }),
  ),
  /** Told once the step is met; null before. */
  explanation: orNull(text),
  /** The part of the world that the step is about, as it was at its end; null where it is about none. */
  map: Type.Unsafe<WorldMap | null>(orNull(withoutHead(mapSchema()))),
  thenAndNow: orNull(text),
});

/** A schema as a part of another. */
function withoutHead({
  $schema: _,
  title: __,
  description: ___,
  ...schema
}: Record<string, unknown>): TSchema {
  return schema as TSchema;
}

const story = closed({
  lab: text,
  run: text,
  /** Which pass through the run, of how many: a reset of the whole run ends one. */
  pass: closed({ number: Type.Integer(), of: Type.Integer() }),
  /** RFC 3339; null where nothing tells. */
  begun: orNull(text),
  lastAt: orNull(text),
  pglab: orNull(text),
  /** How many things a reset of the whole run removed, and how many of the learner's own it kept; null: it stands. */
  reset: orNull(closed({ at: text, removed: Type.Integer(), kept: Type.Integer() })),
  outcome,
  engine: orNull(engine),
  image: orNull(image),
  tally: closed({
    steps: Type.Integer(),
    met: Type.Integer(),
    skipped: Type.Integer(),
    questions: closed({ asked: Type.Integer(), right: Type.Integer() }),
    hints: Type.Integer(),
  }),
  steps: Type.Array(storyStep),
});

export type Story = Static<typeof story>;
export type StoryStep = Static<typeof storyStep>;

/** What `pglab report --format json` adds to the envelope, under `report`. */
export function reportSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab report',
    description:
      'What `pglab report --format json` has under `report`: one run, told step by step; of `--all-runs` a list.',
    anyOf: [story, Type.Array(story)],
  };
}

/** A verb that judges nothing adds one key of its own, and what it likes under that. */
export function resultSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab result',
    description: 'What `pglab … --format json` prints: one object, also after a failure.',
    ...Type.Object(ENVELOPE, { maxProperties: Object.keys(ENVELOPE).length + 1 }),
  };
}
