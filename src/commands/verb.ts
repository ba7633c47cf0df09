/** What a verb is: a row of the table in `verbs.ts`; and the options that all of them take. */
import type { MessageKey } from '../content-keys.ts';
import type { Desk } from './desk.ts';

/** What a verb's own options may be; the common ones are settings. */
export interface OwnOptions {
  all?: boolean;
  allRuns?: boolean;
  adopt?: string;
  adopted?: boolean;
  assistants?: boolean;
  by?: string;
  bundle?: string;
  byHand?: boolean;
  down?: boolean;
  dryRun?: boolean;
  forget?: boolean;
  home?: string;
  keepGoing?: boolean;
  /** Of `open` a flag; of `join` a folder. */
  kit?: boolean | string;
  listen?: string;
  major?: string;
  managed?: boolean;
  name?: string;
  names?: boolean;
  once?: boolean;
  next?: boolean;
  out?: string;
  page?: boolean;
  pass?: string;
  proof?: string;
  seat?: string;
  seats?: string;
  sha256?: string;
  store?: string;
  undo?: boolean;
  wait?: string;
  watch?: boolean;
}

export interface Verb {
  name: string;
  /** Its line in the help. */
  about: MessageKey;
  /** The words after it: `[step...]` is any number, `[step]` one at most. */
  words?: string;
  /** Its own options by their flags, with the key of their line in the help. */
  options?: Readonly<Record<string, MessageKey>>;
  /** It has outcomes to give, judged or recorded, which JUnit and TAP carry. */
  judges?: boolean;
  /** Returns the exit code. Of a group of verbs it is what its name alone does: it looks. */
  call?: (desk: Desk, words: string[], options: OwnOptions) => Promise<number>;
  verbs?: readonly Verb[];
}

/** The options that every verb takes, by their flags. Each may also be a variable, `PGLAB_…`. */
export const COMMON_OPTIONS: Readonly<Record<string, MessageKey>> = {
  '-y, --yes': 'option-yes',
  '--format <format>': 'option-format',
  '--lang <lang>': 'option-lang',
  '--image <ref>': 'option-image',
  '--mirror <ref>': 'option-mirror',
  '--host <url>': 'option-host',
  '--port <n>': 'option-port',
  '--run <id>': 'option-run',
  '--lab <lab>': 'option-lab',
  '--no-color': 'option-no-color',
};
