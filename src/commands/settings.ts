/** What the options and the environment come to, checked once, before any work. */

import { checkedRunId, homeFolder, imageFolder } from '../home.ts';
import { checkedReference } from '../image/reference.ts';
import { LANGUAGES, type Language, languageOfLocale } from '../lab/languages.ts';
import { isHost } from '../names.ts';
import { FORMATS, type Format, formatOf } from '../report/formats.ts';
import { Usage } from '../trouble.ts';

/** The common options as they stand in argv; each may come from PGLAB_… as well. */
export interface Options {
  yes?: boolean;
  format?: string;
  lang?: string;
  image?: string;
  mirror?: string;
  host?: string;
  port?: string;
  run?: string;
  lab?: string;
  color?: boolean;
}

/** What the process began with, before the names that would bend psql were cleared away. */
export interface Inherited {
  /** PGPASSWORD: the learner's own, for servers whose container does not tell. */
  password?: string | undefined;
}

export interface Settings {
  yes: boolean;
  format: Format;
  language: Language;
  /** Null: the lab's own. */
  image: string | null;
  mirror: string | null;
  host: string | null;
  port: number | null;
  run: string | null;
  /** The id of a lab of the package, or a path; null: the article's. */
  lab: string | null;
  password: string | null;
  colour: boolean | undefined;
  /** Where published ports answer, where the learner knows better; PGLAB_PUBLISHED_HOST. */
  publishedHost: string | null;
  /** Where the engine of the run was; null: it has none yet, or none is known. */
  lastUrl: string | null;
  home: string;
  tarballs: string;
  participant: string;
  /** Somebody can be asked: stdin is a terminal, nobody said --yes, and text is what is wanted. */
  interactive: boolean;
}

export function settingsFrom(
  options: Options,
  env: NodeJS.ProcessEnv,
  { password }: Inherited = {},
): Settings {
  // Templates of CI leave variables empty: an empty one counts as not set.
  const set = (name: string) => env[name] || undefined;
  const format = formatFrom(options.format ?? set('PGLAB_FORMAT'));
  const yes = options.yes ?? isOn(env.PGLAB_YES);
  const image = options.image ?? set('PGLAB_IMAGE');
  const mirror = options.mirror ?? set('PGLAB_MIRROR');
  const port = options.port ?? set('PGLAB_PORT');
  const run = options.run ?? set('PGLAB_RUN');
  return {
    yes,
    format,
    language: languageFrom(options.lang ?? set('PGLAB_LANG'), env),
    image: image === undefined ? null : checkedReference(image),
    mirror: mirror === undefined ? null : checkedMirror(mirror),
    host: options.host ?? set('PGLAB_HOST') ?? null,
    port: port === undefined ? null : checkedPort(port),
    run: run === undefined ? null : checkedRunId(run),
    lab: options.lab ?? set('PGLAB_LAB') ?? null,
    password: password || null,
    colour: options.color,
    lastUrl: null,
    publishedHost: publishedHostFrom(set('PGLAB_PUBLISHED_HOST')),
    home: homeFolder(env),
    tarballs: imageFolder(env),
    participant: set('PGLAB_PARTICIPANT') ?? set('USER') ?? 'learner',
    // stdout first: to open stdin takes a few milliseconds.
    interactive: !yes && format === 'text' && process.stdout.isTTY === true && process.stdin.isTTY === true,
  };
}

/** The language asked for, or the system's. For messages about options that are wrong, too. */
export function languageFrom(asked: string | undefined, env: NodeJS.ProcessEnv): Language {
  if (asked !== undefined) {
    const known = LANGUAGES.find((language) => language === asked);
    if (!known) throw new Usage('bad-language', { language: asked, languages: LANGUAGES.join(', ') });
    return known;
  }
  const system = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return languageOfLocale(system);
}

function formatFrom(asked: string | undefined): Format {
  const known = formatOf(asked ?? 'text');
  if (!known) throw new Usage('bad-format', { format: asked ?? '', formats: FORMATS.join(', ') });
  return known;
}

function checkedPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Usage('bad-port', { port: text });
  return port;
}

/** A name or an address, without a port: it becomes part of command lines. */
function publishedHostFrom(text: string | undefined): string | null {
  if (text === undefined) return null;
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (!isHost(host)) throw new Usage('bad-published-host', { host: text });
  return host;
}

/** A mirror may be a host with a port alone, which is no reference of its own. */
function checkedMirror(mirror: string): string {
  if (!/^[a-z0-9][a-z0-9.-]*(:\d+)?$/i.test(mirror)) checkedReference(mirror);
  return mirror;
}

/** Undefined where nothing was chosen. */
export function chosenOn(value: string | undefined): boolean | undefined {
  return value ? isOn(value) : undefined;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|no|false|off)$/i.test(value);
}
