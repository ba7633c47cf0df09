/**
 * The one source of what `--format json` prints, as README and the graders that read it know it. It is
 * loaded by `npm run schemas` alone; the program knows it by its type.
 */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { engine, image } from '../journal/schema.ts';

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

/** A verb that judges nothing adds one key of its own, and what it likes under that. */
export function resultSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab result',
    description: 'What `pglab … --format json` prints: one object, also after a failure.',
    ...Type.Object(ENVELOPE, { maxProperties: Object.keys(ENVELOPE).length + 1 }),
  };
}
