import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MessageKey } from '../content-keys.ts';
import { builtIn, whyNotHere } from '../engine/builtin.ts';
import type { Engine } from '../engine/types.ts';
import { openHome } from '../home.ts';
import { canListen, listeners } from '../host.ts';
import { canBuild } from '../image/build.ts';
import { otherMajor } from '../image/other-major.ts';
import { loadLab } from '../lab/load.ts';
import type { Service } from '../lab/service.ts';
import { emptyResult } from '../report/result.ts';
import { hasTool, run } from '../shell.ts';
import { wrap } from '../terminal/wrap.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';
import { endpointOf, engineFor } from './stage.ts';

/** One line of the examination. `bad` alone keeps the lab from running. */
interface Line {
  what: string;
  state: 'good' | 'note' | 'bad';
  text: string;
  fix: string | null;
}

const NEEDED_DISK = 3e9;

/** Looks at everything the lab needs, a line each with its mend. Exit 2 where it cannot run. */
export async function doctor(desk: Desk): Promise<number> {
  const { content, screen } = desk;
  const lines: Line[] = [];
  for await (const line of examine(desk)) {
    lines.push(line);
    if (desk.settings.format === 'text') draw(desk, line);
  }
  const bad = lines.filter(({ state }) => state === 'bad');
  const outcome = bad.length > 0 ? ('unknown' as const) : ('met' as const);
  printed(desk, { ...emptyResult(desk.folders.id, desk.run), outcome }, { doctor: lines }, () => {
    screen.line();
    screen.line(
      content.say('messages', bad.length > 0 ? 'doctor-bad' : 'doctor-good', { count: bad.length }),
    );
  });
  return bad.length > 0 ? 2 : 0;
}

function draw({ screen }: Desk, { what, state, text, fix }: Line): void {
  const mark = {
    good: screen.paint('green', '✓'),
    note: screen.paint('yellow', '·'),
    bad: screen.paint('red', '✗'),
  }[state];
  const lines = wrap(text, screen.columns - 13);
  screen.line(`${mark} ${what.padEnd(9)}  ${lines[0] ?? ''}`);
  for (const rest of lines.slice(1)) screen.line(`${' '.repeat(13)}${rest}`);
  if (fix)
    for (const [at, line] of wrap(fix, screen.columns - 15).entries())
      screen.line(`${' '.repeat(13)}${at === 0 ? '→ ' : '  '}${line}`);
}

async function* examine(desk: Desk): AsyncGenerator<Line> {
  const { settings } = desk;
  yield home(desk);
  const lab = await loadLab(desk.folders);
  const endpoint = await endpointOf(settings).catch(() => null);
  const engine = await engineFor(settings).catch((error) => error as unknown);
  if (engine instanceof Error) yield await engineTrouble(desk, engine);
  else {
    const { info } = engine as Engine;
    yield good(desk, 'engine', 'doctor-engine', { ...info, builtIn: '' });
    yield good(desk, 'api', 'doctor-api', { api: info.apiVersion });
    yield good(desk, 'context', 'doctor-context', {
      from: endpoint?.from ?? '',
      name: endpoint?.context ?? info.endpoint,
    });
    if (lab.settings.image !== null)
      yield* images(desk, engine as Engine, settings.image ?? lab.settings.image);
  }
  yield await dockerClient(desk);
  if (lab.settings.service) yield await clientLine(desk, lab.settings.service);
  yield hasTool('lsof') ? good(desk, 'lsof', 'doctor-lsof') : note(desk, 'lsof', 'doctor-no-lsof');
  const wanted = {
    ...lab.settings.ports,
    ...(desk.settings.port === null ? {} : { port: desk.settings.port }),
  };
  for (const port of Object.values(wanted)) yield await portLine(desk, port);
  yield disk(desk);
  const { columns } = process.stdout;
  yield columns === undefined
    ? note(desk, 'terminal', 'doctor-no-terminal')
    : good(desk, 'terminal', 'doctor-terminal', { columns, term: process.env.TERM ?? '?' });
}

function home(desk: Desk): Line {
  try {
    openHome(desk.settings.home);
    return good(desk, 'home', 'doctor-home', { home: desk.settings.home });
  } catch (error) {
    return fromTrouble(desk, 'home', error);
  }
}

/** No engine is no obstacle where the built-in one can be brought up. */
async function engineTrouble(desk: Desk, error: Error): Promise<Line> {
  const canBringUp =
    (await await endpointOf(desk.settings)) === null && whyNotHere(builtIn(desk.settings.home)) === null;
  return canBringUp ? note(desk, 'engine', 'doctor-engine-builtin') : fromTrouble(desk, 'engine', error);
}

async function* images(desk: Desk, engine: Engine, ref: string): AsyncGenerator<Line> {
  const found = await engine.image(ref);
  if (!found) {
    yield note(desk, 'image', canBuild() ? 'doctor-image-get' : 'doctor-image-pull', { ref });
    return;
  }
  const { postgresMajor, size } = found;
  yield good(desk, 'image', 'doctor-image', {
    ref,
    major: postgresMajor ?? '?',
    size: Math.round(size / 1e6),
  });
  const other = await otherMajor(engine, found);
  yield other
    ? good(desk, 'image', 'doctor-other', { ref: other.ref, major: other.image.postgresMajor ?? '?' })
    : note(desk, 'image', 'doctor-one-major');
}

async function dockerClient(desk: Desk): Promise<Line> {
  if (!hasTool('docker')) return fromTrouble(desk, 'docker', new Trouble('no-docker-cli'));
  const { stdout } = await run(['docker', '--version']);
  return good(desk, 'docker', 'doctor-found', { version: stdout.trim() });
}

async function clientLine(desk: Desk, { client: { program, missing } }: Service): Promise<Line> {
  if (!hasTool(program)) return note(desk, program, missing.message);
  const { stdout } = await run([program, '--version']);
  return good(desk, program, 'doctor-found', { version: stdout.trim() });
}

async function portLine(desk: Desk, port: number): Promise<Line> {
  if (await canListen(port)) return good(desk, 'port', 'doctor-port', { port });
  const [listener] = await listeners(port);
  return note(desk, 'port', 'doctor-port-taken', { port, who: listener?.process ?? '?' });
}

function disk(desk: Desk): Line {
  // The home may not be there yet: its nearest folder that is lies on the same disk.
  let folder = desk.settings.home;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const values = { free: (free / 1e9).toFixed(1), home: desk.settings.home };
  return free < NEEDED_DISK
    ? note(desk, 'disk', 'doctor-disk-low', values)
    : good(desk, 'disk', 'doctor-disk', values);
}

function good({ content }: Desk, what: string, key: MessageKey, values: Values = {}): Line {
  return { what, state: 'good', text: content.say('messages', key, values), fix: null };
}

function note({ content }: Desk, what: string, key: MessageKey, values: Values = {}): Line {
  return {
    what,
    state: 'note',
    text: content.say('messages', key, values),
    fix: content.find('messages', key, 'fix') === null ? null : content.say('messages', key, values, 'fix'),
  };
}

function fromTrouble({ content }: Desk, what: string, error: unknown): Line {
  if (!(error instanceof Trouble)) throw error;
  return {
    what,
    state: 'bad',
    text: content.say('troubles', error.code, error.values, 'message'),
    fix: content.say('troubles', error.code, error.values, 'fix'),
  };
}
