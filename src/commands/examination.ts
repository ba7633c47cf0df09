/** What `doctor` looks at, one thing after another; trouble with one does not stop the next. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MessageKey } from '../content-keys.ts';
import { builtIn } from '../engine/built-in-folders.ts';
import { whyNotHere } from '../engine/builtin.ts';
import { cliEnvironment, type Endpoint, isInClear } from '../engine/endpoint.ts';
import { chosenBy } from '../engine/named-by.ts';
import { placeOf } from '../engine/place.ts';
import { isPodman, isVersionOfPodman, podmanEnvironment } from '../engine/podman.ts';
import type { Engine } from '../engine/types.ts';
import { openHome } from '../home.ts';
import { canListen, firstUnprivileged, listeners, UNPRIVILEGED } from '../host.ts';
import { canBuild } from '../image/build.ts';
import { otherMajor } from '../image/other-major.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab, Step } from '../lab/model.ts';
import type { Service } from '../lab/service.ts';
import { LABEL } from '../names.ts';
import { seesOurs } from '../runner/ground/folders.ts';
import { clientSecrets } from '../runner/judge/client.ts';
import { hasTool } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import { labelsFor } from '../world/world.ts';
import { askedProgram } from './asked-program.ts';
import type { Desk } from './desk.ts';
import { endpointOf, engineFor } from './reach-engine.ts';

/** One line of the examination. `bad` alone keeps the lab from running. */
export interface Finding {
  what: string;
  state: 'good' | 'note' | 'bad';
  text: string;
  fix: string | null;
}

const NEEDED_DISK = 3e9;
/** Variables of the environment that change what the Docker CLI does. */
const BENDING = ['DOCKER_API_VERSION', 'DOCKER_DEFAULT_PLATFORM', 'DOCKER_CONTENT_TRUST'];

export async function* examine(desk: Desk): AsyncGenerator<Finding> {
  yield* looked(desk, 'home', async () => [home(desk)]);
  const endpoint = await endpointOf(desk.settings).catch((error: unknown) => error as Error);
  const engine =
    endpoint instanceof Error
      ? endpoint
      : await engineFor(desk.settings).catch((error: unknown) => error as Error);
  if (engine instanceof Error) yield* looked(desk, 'engine', async () => troubleOf(desk, engine, endpoint));
  else if (!(endpoint instanceof Error) && endpoint)
    yield* looked(desk, 'engine', async () => answering(desk, engine, endpoint));
  const lab = await loadLab(desk.folders).catch((error: unknown) => error as Error);
  if (lab instanceof Error) yield* looked(desk, 'lab', async () => Promise.reject(lab));
  const known = lab instanceof Error ? null : lab;
  if (known && !(engine instanceof Error)) yield* looked(desk, 'image', () => images(desk, engine, known));
  const reached = endpoint instanceof Error || engine instanceof Error ? null : endpoint;
  if (known && !(engine instanceof Error)) yield* looked(desk, 'folders', () => folders(desk, engine, known));
  const reachedName = engine instanceof Error ? '' : engine.info.name;
  yield* looked(desk, 'docker', async () => dockerClient(desk, reached, reachedName));
  for (const name of BENDING)
    if (process.env[name])
      yield note(desk, 'docker', 'doctor-bends', { name, value: process.env[name] ?? '' });
  const service = known?.settings.service;
  if (known && service)
    yield* looked(desk, service.client.program, () => serviceClient(desk, known, service));
  yield hasTool('lsof') ? good(desk, 'lsof', 'doctor-lsof') : note(desk, 'lsof', 'doctor-no-lsof');
  if (known) yield* looked(desk, 'port', () => ports(desk, known, engine instanceof Error ? null : engine));
  yield* looked(desk, 'disk', async () => [disk(desk)]);
  const { columns } = process.stdout;
  yield columns === undefined
    ? note(desk, 'terminal', 'doctor-no-terminal')
    : good(desk, 'terminal', 'doctor-terminal', { columns, term: process.env.TERM ?? '?' });
}

/** Trouble in one thing is its line, and no end of the examination. */
async function* looked(desk: Desk, what: string, look: () => Promise<Finding[]>): AsyncGenerator<Finding> {
  yield* await look().catch((error: unknown) => [fromTrouble(desk, what, error)]);
}

function home(desk: Desk): Finding {
  openHome(desk.settings.home);
  return good(desk, 'home', 'doctor-home', { home: desk.settings.home });
}

async function answering(desk: Desk, engine: Engine, endpoint: Endpoint): Promise<Finding[]> {
  const { info } = engine;
  const { from, context } = endpoint;
  const { is, host } = await placeOf(engine, desk.settings.publishedHost);
  return [
    good(desk, 'engine', 'doctor-engine', { ...info, builtIn: '' }),
    good(desk, 'api', 'doctor-api', { api: info.apiVersion }),
    ...(endpoint.among ? [note(desk, 'engine', 'doctor-among', { others: othersIn(endpoint) })] : []),
    good(desk, 'context', 'doctor-context', { from: chosenBy(from, desk), name: context ?? info.endpoint }),
    ...(isInClear(endpoint) ? [note(desk, 'context', 'doctor-in-clear', { endpoint: info.endpoint })] : []),
    ...(is === 'around' ? [note(desk, 'ports', 'doctor-around', { host })] : []),
    ...(is === 'elsewhere' ? [good(desk, 'ports', 'doctor-elsewhere', { host })] : []),
  ];
}

/** Those that answer beside the one that was taken, each in its own words. */
function othersIn({ url, among = [] }: Endpoint): string {
  const others = among.filter((each) => each.url !== url);
  return others.map((each) => `${each.says ?? '?'} (${each.url})`).join(', ');
}

/** No engine is no obstacle where the built-in one can be brought up; one that was named is, and who named it. */
function troubleOf(desk: Desk, error: Error, endpoint: Endpoint | Error | null): Finding[] {
  if (endpoint === null && whyNotHere(builtIn(desk.settings.home)) === null)
    return [note(desk, 'engine', 'doctor-engine-builtin')];
  const line = fromTrouble(desk, 'engine', error);
  const remark = error instanceof Trouble ? error.remark : null;
  return remark === null ? [line] : [line, note(desk, 'context', remark.key, remark.values)];
}

async function images(desk: Desk, engine: Engine, lab: Lab): Promise<Finding[]> {
  const { settings } = lab;
  if (settings.image === null) return [];
  const ref = desk.settings.image ?? settings.image;
  const found = await engine.image(ref);
  if (!found) return [note(desk, 'image', canBuild() ? 'doctor-image-get' : 'doctor-image-pull', { ref })];
  const { postgresMajor, size } = found;
  const major = postgresMajor ?? '?';
  const here = good(desk, 'image', 'doctor-image', { ref, major, size: Math.round(size / 1e6) });
  const steps = numbersOf(lab, ({ needsOther = false }) => needsOther);
  if (steps === '') return [here];
  const other = await otherMajor(engine, found, desk.settings.mirror);
  return [
    here,
    other
      ? good(desk, 'image', 'doctor-other', {
          ref: other.ref,
          major: other.image.postgresMajor ?? '?',
          steps,
        })
      : note(desk, 'image', 'doctor-one-major', { steps }),
  ];
}

/** Where a step has a way for an engine that sees this machine's folders and one for an engine that does not: which it is. */
async function folders(desk: Desk, engine: Engine, { id, steps, settings }: Lab): Promise<Finding[]> {
  const isAsked = steps.some(({ commands }) => commands.some(({ only }) => only !== undefined));
  if (!isAsked || settings.image === null) return [];
  if ((await placeOf(engine, desk.settings.publishedHost)).is !== 'here') return [];
  const image = await engine.image(desk.settings.image ?? settings.image);
  if (!image) return [];
  const home = openHome(desk.settings.home);
  const owner = { run: desk.run ?? 'doctor', home: home.id, lab: id };
  const isSeen = await seesOurs(engine, home.folder, image.id, labelsFor(owner, 'doctor', ''));
  return isSeen ? [] : [note(desk, 'folders', 'doctor-folders')];
}

/** That it is there, and that it comes to the engine: one that is too old for it does not. */
async function dockerClient(desk: Desk, endpoint: Endpoint | null, name: string): Promise<Finding[]> {
  if (!hasTool('docker')) throw new Trouble('no-docker-cli');
  const { stdout } = await askedProgram(['docker', '--version']);
  const here = good(desk, 'docker', 'doctor-found', { version: stdout.trim() });
  if (endpoint === null) return [here];
  const env = { ...cliEnvironment(endpoint), ...podmanEnvironment(endpoint) };
  const asked = await askedProgram(['docker', 'version', '--format', '{{.Server.Version}}'], env);
  const reaches = good(desk, 'docker', 'doctor-reaches', { version: asked.stdout.trim() });
  if (isVersionOfPodman(stdout)) return [here, reaches, note(desk, 'docker', 'doctor-docker-is-podman')];
  return isPodman({ name }) ? [here, reaches, note(desk, 'docker', 'doctor-podman-ports')] : [here, reaches];
}

async function serviceClient(desk: Desk, lab: Lab, service: Service): Promise<Finding[]> {
  const { program, missing } = service.client;
  const steps = numbersOf(lab, ({ commands }) => commands.some(({ run }) => run.startsWith(`${program} `)));
  if (!hasTool(program)) return steps === '' ? [] : [note(desk, program, missing.message, { steps })];
  const { stdout } = await askedProgram([program, '--version']);
  const here = good(desk, program, 'doctor-found', { version: stdout.trim() });
  const stranger = { isOfRun: false, isTheirs: false, md5: false };
  const tellsAnybody = (await clientSecrets(service, '', stranger)) === null;
  return tellsAnybody ? [here, note(desk, program, 'doctor-client-tells', { program })] : [here];
}

async function ports(desk: Desk, { settings }: Lab, engine: Engine | null): Promise<Finding[]> {
  const asked = desk.settings.port === null ? {} : { port: desk.settings.port };
  const publishers = engine === null ? [] : await engine.publishers();
  const place = engine && (await placeOf(engine, desk.settings.publishedHost));
  const isHere = place === null || place.is === 'here';
  // An engine without root gets no low port either; where it is elsewhere, its machine is not asked.
  const from = isHere ? firstUnprivileged() : UNPRIVILEGED;
  const chosen = Object.entries({ ...settings.ports, ...asked }).map(
    ([name, port]) => desk.reading.standing.ports.get(name)?.value ?? port,
  );
  return Promise.all(
    chosen.map(async (port) => {
      const holder = publishers.find(({ hostPorts }) => hostPorts.includes(port));
      if (holder?.labels[LABEL.run] === desk.run && desk.run !== null)
        return good(desk, 'port', 'doctor-port-own', { port });
      if (engine?.machine.isRootless && port < from)
        return note(desk, 'port', 'doctor-port-forbidden', { port, from });
      if (!holder && !isHere) return good(desk, 'port', 'doctor-port-elsewhere', { port, machine: 'there' });
      if (!holder && (await canListen(port))) return good(desk, 'port', 'doctor-port', { port });
      const [listener] = isHere ? await listeners(port) : [];
      const who = holder?.name ?? listener?.process ?? '?';
      return note(desk, 'port', 'doctor-port-taken', { port, who });
    }),
  );
}

/** The numbers of these steps of the lab: `8, 9`. */
function numbersOf({ steps }: Lab, isMeant: (step: Step) => boolean): string {
  return steps.flatMap((step, at) => (isMeant(step) ? [at + 1] : [])).join(', ');
}

function disk(desk: Desk): Finding {
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

function good({ content }: Desk, what: string, key: MessageKey, values: Values = {}): Finding {
  return { what, state: 'good', text: content.say('messages', key, values), fix: null };
}

function note({ content }: Desk, what: string, key: MessageKey, values: Values = {}): Finding {
  return {
    what,
    state: 'note',
    text: content.say('messages', key, values),
    fix: content.find('messages', key, 'fix') === null ? null : content.say('messages', key, values, 'fix'),
  };
}

function fromTrouble({ content }: Desk, what: string, error: unknown): Finding {
  if (!(error instanceof Trouble)) throw error;
  return {
    what,
    state: 'bad',
    text: content.say('troubles', error.code, error.values, 'message'),
    fix: content.say('troubles', error.code, error.values, 'fix'),
  };
}
