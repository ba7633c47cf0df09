/** A slip of a learner's, what the screen must say to it, and the way out that is then taken. */
import { randomInt } from 'node:crypto';
import type { FindingKey, MessageKey, NoteKey } from '../../../src/content-keys.ts';
import type { Novice } from '../novice.ts';

/** What somebody does at their two windows. */
type Act = (novice: Novice) => Promise<unknown>;

/** A sentence among the shared texts, whatever its values. */
type Said = ['findings', FindingKey] | ['notes', NoteKey] | ['messages', MessageKey];

export interface Slip {
  slip: string;
  step: string;
  /** Steps that pglab runs before it, for what this one needs. */
  after?: string[];
  does: Act[];
  says: Said[];
  /** What would be false. */
  never?: Said[];
  /** After it all is met. */
  out: Act[];
}

/** `PGLAB_SLIPS='18 zh'` tries them with another major and in another language. */
const [major = '17', language = 'en'] = (process.env.PGLAB_SLIPS ?? '').split(' ').filter(Boolean);
/** Where the image keeps its data. */
export const TARGET = Number(major) < 18 ? '/var/lib/postgresql/data' : '/var/lib/postgresql';
export const LANGUAGE = language === 'zh' ? 'zh' : 'en';
export const IMAGE = `postgres:${major}`;
export const OTHER_IMAGE = 'postgres:15';
/** Drawn anew each time. */
export const PORT = randomInt(21_000, 29_000);
export const FREE = PORT + 300;
export const WORD = `word${randomInt(1e6)}`;
export const NAME = `mine-${randomInt(1e6)}`;

/** A line in the learner's window, whatever becomes of it. */
export const types =
  (...lines: string[]): Act =>
  async (novice) => {
    for (const line of lines) await novice.types(withId(line, novice));
  };

/** What keeps the window until it is interrupted. */
export const starts =
  (line: string, until: RegExp): Act =>
  (novice) =>
    novice.starts(withId(line, novice), until);

/** `ID`, in a line that is typed, is the container that `docker run` or `docker create` printed last. */
const withId = (line: string, novice: Novice) => line.replaceAll('ID', novice.lastId());

export const interrupts: Act = (novice) => novice.interrupts();

/** The container that pglab made under this name of the world. */
export const ofName = (name: string): string => `$(docker ps -aqn 1 --filter label=pglab.name=${name})`;

/** Until its set-up is over, by its log: to ask it would be a visit. */
export const isSetUp = (container: string): Act =>
  types(`until [ "$(docker logs ${container} 2>&1 | grep -c 'ready to accept')" -ge 2 ]; do sleep 0.2; done`);

export const isReady: Act = (novice) => novice.ready();

export const presses =
  (keys: string): Act =>
  async (novice) =>
    novice.presses(keys);

/** A command in the way on that the screen tells. */
export const cuts =
  (pattern: RegExp): Act =>
  (novice) =>
    novice.cuts(pattern);

/** Runs it with the option that the way on tells. */
export const runsWith =
  (pattern: RegExp): Act =>
  async (novice) => {
    const option = await novice.finds(pattern);
    await novice.types(`docker run -d -e POSTGRES_PASSWORD ${option} ${IMAGE}`);
  };

export const followsHints: Act = (novice) => novice.followsHints();

/** Until the screen has said it: what is done next would change it. */
export const reads =
  (...[file, key]: Said): Act =>
  (novice) =>
    novice.reads(file, key, file === 'findings' ? 'seen' : undefined);

/** By its own key, with the exit code of what is not met yet. */
export const leaves: Act = async (novice) => {
  novice.presses('q');
  await novice.ends();
};

export const closesTerminal: Act = async (novice) => {
  novice.closesTerminal();
};

/** Gone on with, once it was left. */
export const comesBack: Act = (novice) => novice.begins(['--run', RUN]);

export const RUN = `slips-${randomInt(1e6)}`;

export const RUNS = `docker run -d -e POSTGRES_PASSWORD`;
