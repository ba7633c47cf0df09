/**
 * A learner's hands: containers and volumes made with plain docker, without any label of pglab's. What they made goes
 * away while the next row is being made: rows take turns in two places, each with a port and a volume of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectEngine } from '../../../src/engine/connect.ts';
import { PATIENCE_MS } from '../../patience.ts';
import { openLab, outputOf, type TestLab } from '../lab.ts';
import { RowThings } from './row-things.ts';

export const PASSWORD = 'right';

export class Hands {
  readonly major: number;
  readonly image: string;
  /** Where this major's image keeps its data. */
  readonly target: string;
  readonly #labs: readonly [TestLab, TestLab];
  #place: 0 | 1 = 0;
  /** Rows stay where they are: they share what is there. */
  staysHere = false;
  /** A folder of this machine for what a row mounts. */
  folder = '';
  readonly #engine = connectEngine({ url: process.env.DOCKER_HOST ?? '', from: 'DOCKER_HOST' });
  readonly #things = new RowThings(this.#engine);
  readonly #ends: (() => unknown)[] = [];

  constructor(major: number) {
    this.major = major;
    this.image = `postgres:${major}`;
    this.target = major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
    const lab = (port: number) => openLab({ PGLAB_IMAGE: this.image, PGLAB_PORT: String(port) });
    this.#labs = [lab(6600 + major), lab(6620 + major)];
  }

  get lab(): TestLab {
    return this.#labs[this.#place];
  }

  /** The port of the host that the steps ask for. */
  get port(): number {
    return Number(this.lab.env.PGLAB_PORT);
  }

  readonly docker = (...args: string[]): Promise<string> => this.lab.docker(...args);

  /** `docker run -d` with a password, of this major's image. Returns the id. */
  readonly run = (flags: readonly string[] = [], command: readonly string[] = []): Promise<string> =>
    this.docker(
      ...['run', '-d', '-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-e', 'POSTGRES_INITDB_ARGS=--no-sync'],
      ...[...flags, this.image, ...command],
    );

  /** As `run`, on data that is there already: no set-up, up in a second. */
  async runOld(flags: readonly string[] = [], command: readonly string[] = []): Promise<string> {
    return this.run(['-v', `${this.template}:${this.target}`, ...flags], command);
  }

  readonly published = (host: string | number = this.port, inside: number | string = 5432): string[] => [
    '-p',
    `${host}:${inside}`,
  ];

  get template(): string {
    return `mutants-${this.major}-${this.#place}`;
  }

  /** For a second server beside one on the template. */
  get secondTemplate(): string {
    return `${this.template}-second`;
  }

  readonly compose = (...args: string[]): Promise<string> => outputOf('docker-compose', args, this.lab.env);

  /** Volumes that an image of this major has initialised, password `right`. */
  async makeTemplates(): Promise<void> {
    const made = `mutants-${this.major}-made`;
    const id = await this.run(['-v', `${made}:${this.target}`]);
    await this.ready(id);
    // Rows end by kill: with nothing to sync, the recovery of the next one is quick.
    await this.sql(id, 'alter system set fsync = off');
    await this.docker('stop', id);
    await this.docker('rm', id);
    // Each is a copy: what is told of one is told of all.
    for (const place of [0, 1] as const) {
      this.#place = place;
      for (const name of [this.template, this.secondTemplate]) await this.copy(made, name);
    }
    await this.docker('volume', 'rm', made);
    await this.keepAll();
  }

  /** Fills a volume by a copy of what lies in another. */
  async copy(from: string, to: string): Promise<void> {
    const mounts = ['-v', `${from}:/from:ro`, '-v', `${to}:/to`];
    await this.docker('run', '--rm', ...mounts, '--entrypoint', 'cp', this.image, '-a', '/from/.', '/to');
  }

  /** Until the real server says that it is ready: process 1, or one of the first; the set-up's comes later. */
  readonly ready = async (id: string): Promise<void> => {
    for await (const line of (await this.#engine).logLines(id, AbortSignal.timeout(PATIENCE_MS))) {
      if (/\[\d\] LOG: {2}database system is ready to accept connections/.test(line)) return;
    }
    throw new Error(`${id} was never ready: ${await this.docker('logs', id)}`);
  };

  /** Runs SQL inside, by TCP on the loopback, where nobody is asked for a password. */
  readonly sql = (
    id: string,
    sql: string,
    { user = 'postgres', database = 'postgres' } = {},
  ): Promise<string> => {
    const psql = ['psql', '-X', '-h', '127.0.0.1', '-U', user, '-d', database, '-Atc', sql];
    return this.docker('exec', id, ...psql);
  };

  /** Its log says from before that it is ready: so it is asked. */
  async restart(id: string): Promise<void> {
    await this.docker('restart', id);
    while ((await this.sql(id, 'select 1').catch(() => '')) !== '1') await sleep(50);
  }

  /** A first start that stays in its set-up, where the temporary server answers already, until `goesOn`. Returns its id. */
  async inSetUp(flags: readonly string[] = []): Promise<string> {
    const wait = 'until [ -e /docker-entrypoint-initdb.d/go ]; do sleep 0.1; done\n';
    await writeFile(join(this.folder, 'wait.sh'), wait);
    const id = await this.run([...flags, '-v', `${this.folder}:/docker-entrypoint-initdb.d`]);
    const onSocket = () =>
      this.docker('exec', id, 'psql', '-XU', 'postgres', '-Atc', 'select 1').catch(() => '');
    while ((await onSocket()) !== '1') await sleep(100);
    return id;
  }

  /** Lets a set-up come to its end. */
  readonly goesOn = (): Promise<void> => writeFile(join(this.folder, 'go'), '');

  /** Until its restart policy has started it again twice. */
  readonly circles = async (id: string): Promise<void> => {
    const restarts = () => this.docker('inspect', '--format', '{{.RestartCount}}', id);
    while (Number(await restarts()) < 2) await sleep(100);
  };

  /** What has to be done when the row is over, beside the removal of what it made. */
  readonly atEnd = (end: () => unknown): void => {
    this.#ends.push(end);
  };

  /** A program that stays until the row is over, such as a psql that is connected. */
  readonly stays = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = spawn(program, args, {
      env: { ...this.lab.env, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.atEnd(() => child.kill('SIGKILL'));
    return child;
  };

  /** `docker run` without -d, on a new volume: its window stays until the row is over, or the server ends. */
  async inForeground(
    name: string,
    flags: readonly string[] = [],
    command: readonly string[] = [],
  ): Promise<void> {
    const env = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-e', 'POSTGRES_INITDB_ARGS=--no-sync'];
    this.stays('docker', ['run', '--name', name, ...env, ...flags, this.image, ...command]);
    const state = () => this.docker('inspect', '--format', '{{.State.Running}}', name).catch(() => '');
    while ((await state()) !== 'true') await sleep(50);
  }

  /** What comes to 127.0.0.1 goes on to the same port of another address. */
  relays(port: number, to: string): Promise<Server> {
    return this.listens(port, '127.0.0.1', (socket) => {
      const on = connect(port, to);
      for (const each of [socket, on]) each.on('error', () => {});
      socket.pipe(on).pipe(socket);
    });
  }

  /** A listener of this machine that is no Postgres. */
  async listens(
    port: number,
    host = '0.0.0.0',
    serve = (socket: Socket): void => void socket.destroy(),
  ): Promise<Server> {
    const server = createServer(serve);
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, host, resolve);
    });
    this.atEnd(() => server.close());
    return server;
  }

  /** So much happens that the engine, which keeps its last 256 events, remembers nothing of before. */
  async makesForget(): Promise<void> {
    const engine = await this.#engine;
    for (let event = 0; event < 256; event += 1) await engine.tag(this.image, 'mutants-name:1');
  }

  /** What is there now was not made by a row. */
  keepAll(): Promise<void> {
    return this.#things.keepAll();
  }

  /** What the row has made so far: `container ID`, `volume NAME`, `network ID`; containers the newest first. */
  made(): Promise<string[]> {
    return this.#things.made();
  }

  async begin(): Promise<void> {
    if (!this.staysHere) this.#place = this.#place === 0 ? 1 : 0;
    this.folder = mkdtempSync(join(tmpdir(), 'pglab-mutant-'));
    // The server in a container is another user than we.
    chmodSync(this.folder, 0o755);
  }

  /** Until what the row before made is gone: nobody must take it for this one's. */
  alone(): Promise<void> {
    return this.#things.gone();
  }

  /** Takes away everything that a row made; does not wait for its end. */
  async clean(): Promise<void> {
    await this.alone();
    for (const end of this.#ends.splice(0)) await end();
    await this.#things.takeAway(this.folder);
  }

  async end(): Promise<void> {
    this.#things.giveUp('volume mutants-');
    await this.clean();
    await this.alone();
    const names = ['image', 'ls', '--filter', 'reference=mutants-*', '--format', '{{.Repository}}:{{.Tag}}'];
    const images = (await this.docker(...names)).split('\n').filter(Boolean);
    if (images.length > 0) await this.docker('image', 'rm', '--force', ...images);
    for (const lab of this.#labs) await lab.end();
  }
}
