/** The prose: read from content/, found by language and key, filled with this run's values. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asCalled } from '../called-as.ts';
import type { ContentKeys, MessageKey } from '../content-keys.ts';
import { packageRoot } from '../package-root.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import { plainText } from './bounded-files.ts';
import { Entries, sections } from './entries.ts';
import { filledProse, withWords } from './filling.ts';
import { inMarks, type Language } from './languages.ts';
import type { Lab } from './model.ts';
import { type Roles, rolesOf } from './roles.ts';
import { toldValues } from './told-values.ts';

/** A question before the commands run. */
export interface Prediction {
  question: string;
  options: string[];
  right: number;
  because: string;
}

export interface StepText {
  title: string;
  intro: string;
  goal: string;
  prediction: Prediction | null;
  explanation: string;
  thenAndNow: string;
  /** Why something was added to the article's command, by the added fragment. */
  added: Map<string, string>;
  /** Remarks on lines of output, by key. */
  look: Map<string, string>;
  /** A title for each check, by id. */
  checks: Map<string, string>;
  hints: string[];
}

/** The shared files that a lab may add to, in its own `content` folder: under keys that are not there yet. */
export const OWN_FILES = ['messages', 'checks', 'findings', 'notes'] as const satisfies SharedFile[];

/** Shared texts: the words of the program itself, of checks, findings, notes and troubles. */
export type SharedFile = keyof ContentKeys;

export class Content {
  readonly language: Language;
  readonly #folder: string;
  readonly #shared = new Map<SharedFile, Entries>();
  #roles: Roles = new Map();
  readonly #word = (key: MessageKey): string => this.find('messages', key) ?? '';

  constructor(language: Language, folder: string) {
    this.language = language;
    this.#folder = folder;
  }

  /** A text of the program; `field` names one of several parts. */
  say<File extends SharedFile>(
    file: File,
    key: ContentKeys[File],
    values: Values = {},
    field = 'text',
  ): string {
    const text = this.entries(file).get(key)?.[field];
    if (text === undefined) throw broken(`${file}.${this.language}.md`, `has no ${field} for ${key}`);
    return fill(text, this.named(values), `${file}.${this.language}.md, ${key}`, field);
  }

  /** The values in this language: its marks, what a name of the lab is, what a code means. */
  named(values: Values): Values {
    const told = toldValues(values, this.#roles, (key, own = {}) => fillOpen(this.#word(key), own));
    const marked = ([key, value]: [string, string | number]): [string, string | number] => [
      key,
      typeof value === 'string' ? inMarks(this.language, key, value) : value,
    ];
    return Object.fromEntries(Object.entries(told).map(marked));
  }

  /** What a thing by this name is to a learner; the name itself where no lab is known that has it. */
  roleOf(name: string, kind: string = 'container'): string {
    const role = String(this.named({ name }).role);
    // A volume without a name of its own goes by that of its container.
    const isContainers = kind === 'volume' && this.#roles.get(name)?.kind === 'container';
    return isContainers ? this.say('messages', 'role-volume-by', { role }) : role;
  }

  /** From now on names of this lab are told by what they are. */
  know(lab: Lab): void {
    this.#roles = rolesOf(lab);
  }

  /** The text of a key that is only known when it comes: from a journal, from a lab. Null where there is none. */
  find(file: SharedFile, key: string, field = 'text'): string | null {
    const fields = this.entries(file).get(key);
    return fields && Object.hasOwn(fields, field) ? (fields[field] as string) : null;
  }

  entries(file: SharedFile): Entries {
    const known = this.#shared.get(file);
    if (known !== undefined) return known;
    const name = `${file}.${this.language}.md`;
    // A key of ours means the same in every lab.
    const texts = [read(join(packageRoot, 'content', name)), this.#own(file, name)];
    const entries = new Entries(texts, (body) => withWords(body, this.#word));
    this.#shared.set(file, entries);
    return entries;
  }

  /** What the lab adds; empty where it brings no such file. */
  #own(file: SharedFile, name: string): string {
    const path = join(this.#folder, name);
    const isMeant = this.#folder !== '' && OWN_FILES.some((own) => own === file);
    return isMeant && existsSync(path) ? read(path) : '';
  }

  /** `stem` is the file's name without language: 03-detached-run. */
  step(stem: string): StepText {
    const file = `${stem}.${this.language}.md`;
    return parseStep(withWords(read(join(this.#folder, file)), this.#word), file);
  }

  title(stem: string): string {
    const match = /^# (.+)$/m.exec(read(join(this.#folder, `${stem}.${this.language}.md`)));
    return match?.[1] ?? stem;
  }
}

/** The fields whose text is to be pasted. */
const PASTED = /^(go|fix)$/;

/** Fills `{{name}}`; a name without a value is content that is broken, and says where. */
export function fill(text: string, values: Values, where: string, field = 'text'): string {
  const missing = (name: string) => {
    throw broken(where, `{{${name}}} has no value`);
  };
  return filledProse(text, values, { pasted: PASTED.test(field), missing });
}

/** As `fill`, with … for what only the run will tell. For `show`, before anything ran. */
export function fillOpen(text: string, values: Values, field = 'text'): string {
  return filledProse(text, values, { pasted: PASTED.test(field) });
}

export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\{\{([a-z][\w.-]*)\}\}/g)].map((match) => match[1] as string);
}

export const STEP_SECTIONS = [
  'goal',
  'added',
  'look',
  'prediction',
  'explanation',
  'then and now',
  'checks',
  'hints',
] as const;

function parseStep(markdown: string, file: string): StepText {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (!title) throw broken(file, 'has no title');
  const found = sections(markdown);
  const intro = markdown.slice(markdown.indexOf('\n'), firstSection(markdown)).trim();
  const section = (name: (typeof STEP_SECTIONS)[number]): string => {
    const body = found.get(name);
    if (body === undefined) throw broken(file, `has no section "${name}"`);
    return body;
  };
  return {
    title,
    intro,
    goal: section('goal'),
    added: keyed(section('added')),
    look: keyed(section('look')),
    prediction: parsePrediction(section('prediction'), file),
    explanation: section('explanation'),
    thenAndNow: section('then and now'),
    checks: keyed(section('checks')),
    hints: [...section('hints').matchAll(/^\d\. (.+(?:\n+ {3}.+)*)/gm)].map((match) =>
      (match[1] as string).replace(/\n {3}/g, '\n'),
    ),
  };
}

function parsePrediction(body: string, file: string): Prediction | null {
  if (body === '') return null;
  const options = [...body.matchAll(/^- \[([ x])\] (.+)$/gm)];
  const first = options[0];
  const last = options.at(-1);
  const right = options.findIndex((option) => option[1] === 'x');
  if (!first || !last || right < 0) throw broken(file, 'its prediction has no right answer');
  return {
    question: body.slice(0, first.index).trim(),
    options: options.map((option) => option[2] as string),
    right,
    because: body.slice((last.index ?? 0) + last[0].length).trim(),
  };
}

/** A list of "- `key` text", each text over one or more lines. */
function keyed(body: string): Map<string, string> {
  const items = body.matchAll(/^- `([^`]+)` (.+(?:\n {2}.+)*)/gm);
  return new Map([...items].map((item) => [item[1] as string, (item[2] as string).replace(/\n {2}/g, '\n')]));
}

function firstSection(markdown: string): number {
  const at = markdown.search(/^## /m);
  return at < 0 ? markdown.length : at;
}

/** A file of prose as it was written; an editor of Windows may have put a mark before it, and `\r` into each line. */
export function writtenIn(file: string): string {
  try {
    return plainText(file)
      .replace(/^\ufeff/, '')
      .replaceAll('\r\n', '\n');
  } catch (cause) {
    throw new Trouble('content-broken', { file, why: messageOf(cause) }, { cause });
  }
}

function read(file: string): string {
  return asCalled(writtenIn(file));
}

function broken(file: string, why: string): Trouble {
  return new Trouble('content-broken', { file, why });
}
