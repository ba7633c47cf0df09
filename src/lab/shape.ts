/**
 * Whether what a lab's file exports has the shape that it must have: a lab may be JavaScript, which no compiler has
 * seen.
 */
import { isReference, isWordOfLab } from '../names.ts';

/** A part that is not as it must be: `commands[0].run`. */
export type Misshapen =
  /** What it must be, as TypeScript writes it: `string[]`. */
  | { part: string; wanted: string }
  /** It means nothing there; these would. */
  | { part: string; known: readonly string[] };

interface Shape {
  wanted: string;
  misshapen(value: unknown, part: string): Misshapen[];
}

function plain(wanted: string, test: (value: unknown) => boolean): Shape {
  return { wanted, misshapen: (value, part) => (test(value) ? [] : [{ part, wanted }]) };
}

function list(each: Shape): Shape {
  const wanted = `${each.wanted}[]`;
  return {
    wanted,
    misshapen: (value, part) =>
      Array.isArray(value)
        ? value.flatMap((item, at) => each.misshapen(item, `${part}[${at}]`))
        : [{ part, wanted }],
  };
}

/** Any names, each with such a value. */
function record(each: Shape): Shape {
  const wanted = `Record<string, ${each.wanted}>`;
  return {
    wanted,
    misshapen: (value, part) =>
      isObject(value)
        ? Object.entries(value).flatMap(([name, item]) => each.misshapen(item, below(part, name)))
        : [{ part, wanted }],
  };
}

/** These fields; `optional` ones may be left out. A field of another name is one that was misspelt. */
function object(
  wanted: string,
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const known = [...Object.keys(required), ...Object.keys(optional)];
  return {
    wanted,
    misshapen(value, part) {
      if (!isObject(value)) return [{ part, wanted }];
      const unknown = Object.keys(value).filter((name) => !known.includes(name));
      return [
        ...Object.entries(required).flatMap(([name, shape]) =>
          shape.misshapen(value[name], below(part, name)),
        ),
        ...Object.entries(optional).flatMap(([name, shape]) =>
          value[name] === undefined ? [] : shape.misshapen(value[name], below(part, name)),
        ),
        ...unknown.map((name) => ({ part: below(part, name), known })),
      ];
    },
  };
}

function below(part: string, name: string): string {
  return part === '' ? name : `${part}.${name}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = plain('string', (value) => typeof value === 'string');
const textOrNull = plain('string | null', (value) => value === null || typeof value === 'string');
const number = plain('number', (value) => typeof value === 'number');
const flag = plain('boolean', (value) => typeof value === 'boolean');
const code = plain('function', (value) => typeof value === 'function');
const remarked = plain(
  'RegExp | OnUnpublished | OnVolume',
  (value) =>
    value instanceof RegExp ||
    (isObject(value) && (value.unpublished instanceof RegExp || isWordOfLab(String(value.volumeOf)))),
);
const anything = plain('object', isObject);
/** A name becomes part of labels, of placeholders and of the journal. */
const name = plain('/^[a-zA-Z][\\w.-]*$/', (value) => typeof value === 'string' && isWordOfLab(value));
const names = list(name);
const oneOf = (...words: string[]) =>
  plain(words.map((word) => `'${word}'`).join(' | '), (value) => words.includes(value as string));

const COMMAND = object(
  'Command',
  { run: text, article: textOrNull },
  {
    ...{ key: name, creates: name, createsVolume: name, removes: name },
    ...{
      passwordOf: name,
      firstPasswordOf: name,
      ready: name,
      readyFirst: name,
      proves: names,
      during: names,
    },
    ...{ onWord: names, onVisit: names },
    ...{ needsTool: text, terminal: text, exits: list(number), lookAt: record(remarked) },
    ...{ illustrates: flag, foreground: flag, anotherPassword: flag, only: oneOf('local', 'remote') },
  },
);

const RECOGNITION = object(
  'Recognition',
  {},
  {
    ...{ kind: oneOf('container', 'volume'), publishes: record(text), image: oneOf('image', 'other') },
    ...{ mounts: name, mountsAt: text, after: name, ended: flag },
    ...{ password: oneOf('given', 'none'), data: oneOf('new', 'old') },
  },
);

const CHECK = object(
  'Check',
  { id: name, kind: text, says: list(text), finds: list(text), judge: code },
  {
    ...{ about: anything, tells: record(list(text)), lasts: flag, watch: code },
    tries: oneOf('port', 'socket', 'inside', 'own-address'),
  },
);

const SERVICE = object('Service', {
  port: number,
  dataTarget: text,
  container: anything,
  log: anything,
  server: anything,
  client: anything,
});

const STEP = object(
  'Step',
  { id: text, commands: list(COMMAND), checks: list(CHECK) },
  {
    ...{ world: record(RECOGNITION), needs: names, beside: names, changes: names, draws: names },
    ...{ passing: flag, needsOther: flag },
  },
);

const image = plain(
  "'name:tag' | null",
  (value) => value === null || (typeof value === 'string' && isReference(value)),
);
const SETTINGS = object('LabSettings', { image, ports: record(number) }, { service: SERVICE });

const WORLDS = list(
  object('WrongWorld', { world: text, step: text, finds: text, commands: list(text) }, { undo: list(text) }),
);

const value = plain('string | number', (value) => typeof value === 'string' || typeof value === 'number');
const VERDICT = object(
  'Verdict',
  { outcome: oneOf('met', 'not-met', 'unknown'), values: record(value), evidence: text },
  { finding: text, note: text },
);

const SHAPES = { step: STEP, settings: SETTINGS, worlds: WORLDS, verdict: VERDICT };

/** What is wrong with the shape of a file's default export, or of what a check answers; empty: nothing. */
export function misshapenIn(what: keyof typeof SHAPES, exported: unknown): Misshapen[] {
  return SHAPES[what].misshapen(exported, '');
}
