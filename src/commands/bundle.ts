/** What a person sends with a bug: one file that can be read, with names and passwords blotted out as far as they are known. */
import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { homedir, hostname, release, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type Blot, blotted, namedIn } from '../blotted.ts';
import { placeOf } from '../engine/place.ts';
import type { Engine } from '../engine/types.ts';
import { homeIdIn, journalFile, runsOf } from '../home.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab } from '../lab/model.ts';
import type { Environment } from '../lab/service.ts';
import { LABEL } from '../names.ts';
import { linesOfOwn } from '../own-files.ts';
import { packageVersion } from '../package-root.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { visible, visibleJson } from '../visible.ts';
import type { Desk } from './desk.ts';
import type { Finding } from './examination.ts';
import { engineFor } from './reach-engine.ts';

/** Bytes of one journal, from its end, and of how many runs: those that were written last. */
const LONGEST_JOURNAL = 1_000_000;
const MOST_RUNS = 10;

interface Section {
  title: string;
  text: string;
}

/**
 * Writes the file, for its owner alone, and never over another. Returns what is in it, by the titles of its sections.
 * Trouble `bundle-exists`, `bundle-unwritable`.
 */
export async function writeBundle(desk: Desk, given: string, found: readonly Finding[]): Promise<string[]> {
  const { content } = desk;
  const file = resolve(given);
  const engine = await engineFor(desk.settings).catch(() => null);
  const journals = runsMeant(desk).map((run) => journalOf(desk, run));
  const sections: Section[] = [
    { title: content.say('messages', 'bundle-versions'), text: versions(engine) },
    { title: 'pglab doctor', text: visibleJson(JSON.stringify(found, null, 2)) },
    ...journals,
  ];
  const list = sections.map(({ title }, at) => `${at + 1}. ${title}`);
  const head = [
    content.say('messages', 'bundle-head'),
    content.say('messages', 'bundle-blotted'),
    '',
    ...list,
  ].join('\n');
  const text = [head, ...sections.map(({ title, text: of }, at) => `== ${at + 1}. ${title}\n\n${of}`)].join(
    '\n\n',
  );
  const blots = await blotsOf(desk, { engine, journals, text });
  writeNew(file, `${blotted(text, blots)}\n`);
  return sections.map(({ title }) => blotted(title, blots));
}

function writeNew(file: string, text: string): void {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeAll(descriptor, Buffer.from(text));
    } catch (cause) {
      // Ours, and of no use in part.
      rmSync(file, { force: true });
      throw cause;
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Trouble(
      isThere ? 'bundle-exists' : 'bundle-unwritable',
      { file, why: messageOf(cause) },
      { cause },
    );
  }
}

/** A disk that runs full takes a part, and says so at the next write. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

function versions(engine: Engine | null): string {
  const rows = {
    pglab: packageVersion(),
    node: process.versions.node,
    system: `${process.platform} ${process.arch} ${release()}`,
    engine: engine
      ? `${engine.info.name} ${engine.info.version}, API ${engine.info.apiVersion}`
      : 'none answers',
    // Which are set; what they say may be anybody's business.
    variables: Object.keys(process.env)
      .filter((name) => /^(PGLAB|DOCKER|CONTAINER)_/.test(name))
      .sort()
      .join(' '),
  };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(10)} ${visible(value)}`)
    .join('\n');
}

/** The run that is meant first, then those that were written last. */
function runsMeant({ settings: { home }, run }: Desk): string[] {
  const writtenAt = (each: string) =>
    statSync(journalFile(home, each), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const others = runsOf(home)
    .filter((each) => each !== run)
    .sort((a, b) => writtenAt(b) - writtenAt(a));
  const isThere = run !== null && existsSync(journalFile(home, run));
  return [...(isThere ? [run] : []), ...others].slice(0, MOST_RUNS);
}

interface JournalSection extends Section {
  participants: string[];
}

function journalOf({ settings: { home }, content }: Desk, run: string): JournalSection {
  const file = journalFile(home, run);
  const lines: string[] = [];
  const participants = new Set<string>();
  let length = 0;
  try {
    for (const { text } of linesOfOwn(file, LONGEST_JOURNAL)) {
      const line = text ?? content.say('messages', 'bundle-long-line');
      const said = /"participant":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
      if (said !== undefined) participants.add(said);
      lines.push(visibleJson(line));
      length += line.length;
      while (length > LONGEST_JOURNAL) length -= lines.shift()?.length ?? 0;
    }
  } catch (error) {
    lines.push(content.say('messages', 'bundle-unreadable', { why: visible(messageOf(error)) }));
  }
  return {
    title: content.say('messages', 'bundle-journal', { run }),
    text: lines.join('\n'),
    participants: [...participants],
  };
}

/** Shorter ones, in characters, are looked for as words alone: anywhere, an `a` would blot out everything. */
const LONG_SECRET = 4;

/** Names that everybody's machine has tell nothing of anybody. */
const COMMON = new Set([
  'user',
  'home',
  'host',
  'password',
  'root',
  'learner',
  'node',
  'docker',
  'localhost',
]);

async function blotsOf(
  { settings, folders }: Desk,
  { engine, journals, text }: { engine: Engine | null; journals: readonly JournalSection[]; text: string },
): Promise<Blot[]> {
  const { env } = process;
  const lab = await loadLab(folders).catch(() => null);
  const known = (words: readonly (string | null | undefined)[], shortest: number) =>
    words.filter(
      (word): word is string =>
        // Who runs the lab's own service under its name has no name of theirs.
        !!word && word.length >= shortest && !COMMON.has(word) && word !== lab?.settings.image,
    );
  const participants = [settings.participant, ...journals.flatMap((journal) => journal.participants)];
  const users = [ownName(), env.USER, env.LOGNAME, env.SUDO_USER, env.USERNAME, ...participants];
  const homes = [settings.home, env.HOME, ownFolder()].filter(
    (folder) => folder !== '/' && folder !== '/root',
  );
  const hosts = [hostname(), hostname().split('.')[0], env.HOSTNAME, ...hostsIn(settings, engine)];
  const named = namedIn(text);
  const place = engine && (await placeOf(engine, settings.publishedHost).catch(() => null));
  const given = [settings.password, ...(await passwordsOf(settings.home, engine, lab)), ...named.passwords];
  const passwords = [...given, ...secretsIn(env)].filter((word): word is string => !!word);
  const isLong = (word: string) => word.length >= LONG_SECRET;
  return [
    { words: passwords.filter(isLong), mark: '‹password›', anywhere: true },
    { words: passwords.filter((word) => !isLong(word)), mark: '‹password›' },
    { words: known(homes, 3), mark: '‹home›' },
    {
      words: known([...hosts, ...named.hosts, place?.is === 'here' ? null : place?.host], 2),
      mark: '‹host›',
      anyCase: true,
    },
    { words: known([...users, ...named.users], 2), mark: '‹user›' },
  ];
}

/** A uid may have no name. */
function ownName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function ownFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** Of engines, mirrors and registries; this machine's own address is none. */
function hostsIn({ mirror, image, host, publishedHost }: Desk['settings'], engine: Engine | null): string[] {
  const urls = [host, process.env.DOCKER_HOST, engine?.info.endpoint].flatMap((url) =>
    url && /^(tcp|ssh|https?):/.test(url) && URL.canParse(url) ? [new URL(url).hostname] : [],
  );
  const registries = [mirror, image].flatMap((ref) => {
    const [first = ''] = (ref ?? '').split('/');
    return /[.:]/.test(first) && (ref ?? '').includes('/') ? [first, first.split(':')[0] ?? ''] : [];
  });
  return [...urls, ...registries, publishedHost ?? ''].filter(
    (name) => !/^(127\.|\[::1\]|localhost|docker\.io)/.test(name),
  );
}

function secretsIn(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /PASS|SECRET|TOKEN|_KEY$/i.test(name) && value && value.length >= LONG_SECRET ? [value] : [],
  );
}

/** What the containers of this home have as passwords. */
async function passwordsOf(home: string, engine: Engine | null, lab: Lab | null): Promise<string[]> {
  const id = homeIdIn(home);
  if (engine === null || id === null) return [];
  try {
    const listed = await engine.listed({ [LABEL.home]: id });
    const containers = await Promise.all(listed.map((each) => engine.container(each.id)));
    const given = (env: Environment) => lab?.settings.service?.container.passwordOf(env) ?? [];
    return containers.flatMap((each) => (each ? [...secretsIn(each.env), ...[given(each.env)].flat()] : []));
  } catch {
    // The engine is gone since: its passwords were never in a journal.
    return [];
  }
}
