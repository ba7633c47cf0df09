/**
 * The one source of what may happen: the types, the JSON Schema and the check of each line come from
 * these two tables. It is loaded by `npm run schemas` alone; the program knows it by its types.
 */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import type { FindingKey, MessageKey, NoteKey, TroubleKey } from '../content-keys.ts';
import type { How } from '../image-how.ts';
import type { OwnKey } from '../lab/own-key.ts';

const text = Type.String();
/**
 * A word of the lab's: a step, a name of the world. A journal may have been handed over: this one becomes part of
 * paths.
 */
const word = Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$' });
/** An id, or a volume's name: no shell takes it apart, and no path. */
const given = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$' });
/** What an image goes by: a reference or an id. */
const ref = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.:/@-]{0,511}$' });
const lab = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const number = Type.Number();
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const flag = Type.Boolean();
const port = Type.Integer({ minimum: 0, maximum: 65_535 });
const list = <T extends TSchema>(of: T, maxItems?: number) =>
  Type.Array(of, maxItems === undefined ? {} : { maxItems });
const orNull = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);
const closed = <T extends TProperties>(fields: T) => Type.Object(fields, { additionalProperties: false });
const opt = Type.Optional;
/** A key of the content; the disk may hold any text, of other versions and labs. */
const keyOf = <K extends string>() => Type.Unsafe<K>(Type.String());

/** The sentences for what changed on the engine. */
export type ChangeKey = Extract<MessageKey, `change-${string}`>;
type ProgressStage =
  | Extract<MessageKey, 'engine-line' | 'pulling' | 'building' | 'building-line' | 'loading'>
  | 'pull-bytes';

const outcome = Type.Enum(['met', 'not-met', 'unknown']);
const stepOutcome = Type.Enum(['met', 'not-met', 'unknown', 'skipped']);
const kind = Type.Enum(['container', 'volume']);
const thing = Type.Enum(['container', 'volume', 'network', 'folder']);

/** Texts and numbers by name. `__proto__` is refused: read as JSON, it would change what an object inherits. */
const values = Type.Record(Type.String({ pattern: '^(?!__proto__$)' }), Type.Union([text, number]), {
  additionalProperties: false,
});

/** A verdict, put into words by the consumer that shows it. */
const judged = closed({
  id: text,
  kind: text,
  outcome,
  values,
  /** Null for what is met. */
  finding: orNull(keyOf<FindingKey | TroubleKey | OwnKey>()),
  note: orNull(keyOf<NoteKey | OwnKey>()),
  evidence: text,
});

export const engine = closed({
  ...{ name: text, id: text, version: text, apiVersion: text },
  ...{ endpoint: text, builtIn: flag },
});

export const image = closed({ ref, id: ref, postgresMajor: orNull(number) });

/** What was on the engine before the run made anything: "made in this run" is what is not in here. */
const there = closed({ containers: list(given), volumes: list(given), networks: list(given) });

const mapping = closed({ container: port, host: port, ip: text });
const mount = closed({ type: text, source: text, target: text });
const reason = orNull(keyOf<NoteKey>());
const trouble = orNull(keyOf<TroubleKey>());
const ended = { step: word, outcome: stepOutcome, reason, durationMs: number, values };
const reasoned = { step: word, reason: orNull(text) };
const named = { kind, name: word, id: given, volume: orNull(given) };
const leftOver = closed({ containers: whole, volumes: whole, networks: whole, folders: whole });
const item = closed({ kind: thing, name: text, id: text });
const answered = { answer: number, right: flag };

/** The journal keeps these. `step` is a step's id, `name` a name of the world, `index` counts from 0. */
export const JOURNALED = {
  /** `journal`: its own random id, since a run's id comes again after a reset. `content`: the lab's version. */
  'run-started': { lab, content: text, pglab: text, journal: text },
  /**
   * `root`: where the engine keeps its data. `local`: its ports are this machine's. `there`: in the first one of a
   * journal, which begins without an engine.
   */
  'engine-pinned': { engine, root: opt(text), local: opt(flag), there: opt(there) },
  'image-pinned': { image, how: keyOf<How>() },
  /** `byHand`: the learner types the commands; `before`: containers without our label that were there. */
  'step-started': { step: word, values, byHand: opt(closed({ before: list(given) })) },
  /** An interrupted step goes on, at this command. `predicted`: what was answered before it was interrupted. */
  'step-resumed': { step: word, index: whole, values, byHand: opt(flag), predicted: opt(closed(answered)) },
  /**
   * Going on did not work out, or the learner asked for it: the step is begun from its start. `names`: what went by
   * these counts no more.
   */
  'begun-anew': { step: word, names: opt(list(word)) },
  /** The learner works by hand from here on, or no more. */
  mode: { byHand: flag },
  /** A step is judged as it stands, and nothing of it runs. */
  checking: { step: word, values },
  /**
   * Verdicts follow as they change; `byHand`: with the goal in front. `endpoint`: what DOCKER_HOST must be, if it is
   * not.
   */
  watching: { step: word, values, byHand: flag, endpoint: orNull(text) },
  /** Something on the engine changed while it was watched. */
  changed: { change: keyOf<ChangeKey>(), values },
  /** The commands of a step were shown to the learner who asked; `local`: the engine sees this machine's folders. */
  shown: { step: word, values, local: flag },
  predicted: { step: word, ...answered },
  noted: { step: orNull(word), note: keyOf<NoteKey | TroubleKey>(), values },
  /** A port, by its name in the lab; `wanted`: what was asked for. */
  chosen: { name: word, value: number, wanted: number },
  'command-started': { step: word, index: whole, ran: text, shown: text, creates: orNull(text) },
  'command-ended': {
    ...{ step: word, index: whole, key: orNull(text), ran: text },
    ...{ exitCode: number, durationMs: number, output: text },
  },
  /** `volume`: the anonymous one of a container. `networks`: by name. */
  made: {
    ...named,
    ...{ image: orNull(text), ports: list(mapping), networks: list(text), mounts: list(mount) },
  },
  /**
   * What the learner made is taken for a name of the world. `near`: it only came nearest, and may be anything.
   * `how`: it was not there when the run began, or the learner said that it is theirs. `volumes`: named ones of
   * a container that they said are theirs as well.
   */
  adopted: {
    ...named,
    near: opt(flag),
    how: opt(Type.Enum(['made-in-run', 'said'])),
    volumes: opt(list(given)),
    /** Others that fitted as well, and were not taken. */
    beside: opt(list(given)),
  },
  /** Either is empty where nobody knows. */
  removed: {
    kind: Type.Enum(['container', 'volume', 'network']),
    name: Type.Union([word, Type.Literal('')]),
    id: Type.Union([given, Type.Literal('')]),
  },
  /** What a watch of a check brought. */
  watched: { step: word, check: text, values },
  /** `already`: it was so when the watch began. */
  judged: { step: word, check: judged, already: opt(flag) },
  /** The learner said that they had typed what leaves no trace, or somebody else than pglab reached a server. */
  acted: { step: word, act: Type.Enum(['typed', 'visited']), values },
  /** The world at a step's end; ids are cut to 12 digits, and lists to what stays small. */
  seen: {
    step: word,
    containers: list(
      closed({
        ...{ id: text, name: text, world: orNull(text), image: text, state: text },
        /** `listener`: the process of this machine that listens on the host's port, as far as it is known. */
        ports: list(closed({ container: port, host: port, ip: text, listener: orNull(text) }), 8),
      }),
      24,
    ),
    volumes: list(closed({ name: text, world: orNull(text), users: list(text, 24) }), 24),
    /** Socket files of this machine that a client without a host would look for. */
    sockets: list(closed({ path: text, there: flag }), 24),
    /** Each way to the server that a check tried, and how far that got. */
    tries: list(
      closed({
        check: text,
        way: Type.Enum(['port', 'socket', 'inside', 'own-address']),
        reached: Type.Enum(['nothing', 'machine', 'server', 'answer']),
      }),
      24,
    ),
  },
  'step-ended': ended,
  /** How a step stands, without having been run by us. */
  checked: ended,
  hinted: { step: word, level: number },
  trouble: { code: keyOf<TroubleKey>(), values },
  /**
   * From here on things go, of these steps or of all; `steps-reset` or the end of the journal follows.
   * `named`: as they were given, without those that build on them.
   */
  'reset-begun': { planned: number, steps: opt(list(word)), named: opt(list(text)) },
  /** `left`: could not be removed. `kept`: the learner's own, taken for names or used by such. `leftOut`: runs. */
  'reset-ended': { removed: whole, left: list(item), kept: list(item), leftOut: list(text) },
  /** These steps begin anew: what was told of them, and of the names they make, counts no more. */
  'steps-reset': { steps: list(word), names: list(word) },
  /** The learner left a step out, in their own words, or took that back: `pglab skip`. */
  skipped: reasoned,
  unskipped: reasoned,
  /** Of a workshop's seat, in a journal of its own: its hand, and what it heard; `id` counts the board's words. */
  hand: { up: flag, text: orNull(text) },
  said: { id: whole, text },
  pace: { id: whole, step: orNull(word) },
  'hand-seen': { id: whole, state: Type.Enum(['up', 'taken', 'done']), by: orNull(text) },
  renamed: { id: whole, name: text },
  /** All of it is to be reset, before the group `epoch`. */
  'reset-wanted': { id: whole, epoch: whole },
  'seat-ended': { id: whole, why: Type.Enum(['closing', 'removed']) },
  /** What a fresh look found left after a reset; `asked`: by this wish, or 0. `trouble`: why nobody could look. */
  proved: { epoch: whole, asked: whole, engine: orNull(text), left: leftOver, trouble },
} satisfies Record<string, TProperties>;

/** These only live on the screen, and are gone after it. */
export const LIVE = {
  output: { step: text, index: whole, line: text },
  waiting: { what: Type.Enum(['ready']), name: text },
  ...{ 'foreground-ready': { step: text }, 'engine-silent': { seconds: orNull(whole) } },
  progress: { stage: keyOf<ProgressStage>(), values, current: opt(number), total: opt(number) },
} satisfies Record<string, TProperties>;

/** What stands before and after the fields of each line on the disk. */
export const STAMP = {
  v: Type.Literal(3),
  /** Lines are ordered by it, never by the clock. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  at: text,
  participant: text,
} satisfies TProperties;

/** CRC-32 of all before it, in hex. */
export const SUM = { sum: Type.String({ pattern: '^[0-9a-f]{8}$' }) };

type EventsOf<T extends Record<string, TProperties>> = {
  [K in keyof T]: { type: K } & Static<Type.TObject<T[K]>>;
}[keyof T];

export type JournalEvent = EventsOf<typeof JOURNALED>;
export type LiveEvent = EventsOf<typeof LIVE>;
export type Judged = Static<typeof judged>;
export type PinnedImage = Static<typeof image>;

/** A line of the journal, as JSON Schema. */
export function lineSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'pglab journal line',
    description: 'One line of runs/<id>/journal.jsonl, format 3.',
    type: 'object',
    required: ['type'],
    discriminator: { propertyName: 'type' },
    oneOf: Object.entries(JOURNALED).map(([type, fields]) => ({
      title: type,
      ...closed({ ...STAMP, type: Type.Literal(type), ...fields, ...SUM }),
    })),
  };
}
