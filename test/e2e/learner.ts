/** A learner who does every step by hand: types what `pglab show` shows, in the order of the lab. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from '../../src/journal/read.ts';
import type { Command, Lab, Step } from '../../src/lab/model.ts';
import type { Service } from '../../src/lab/service.ts';
import { shownLine } from '../../src/lab/shown.ts';
import { shortId, type Values } from '../../src/values.ts';
import { PATIENCE_MS } from '../patience.ts';
import { CLI, type Ended, outputOf, type TestLab } from './lab.ts';

const LOOK_EVERY_MS = 200;

export class Learner {
  readonly #lab: TestLab;
  readonly #env: NodeJS.ProcessEnv;
  /** On all that it makes by name, so that it can be found again. */
  readonly #mark: string;
  /** Anonymous volumes of its containers. */
  readonly #volumes = new Set<string>();
  #run = '';
  #ports: Values = {};
  #service: Service | undefined;

  constructor(lab: TestLab) {
    this.#lab = lab;
    this.#mark = `learner=${basename(lab.home)}`;
    this.#env = { ...lab.env, POSTGRES_PASSWORD: 'theirs', PGPASSWORD: 'theirs' };
  }

  /** Sits down at this run, which somebody else watches. */
  sitsDown({ settings }: Pick<Lab, 'settings'>, run: string): void {
    this.#run = run;
    this.#ports = settings.ports;
    this.#service = settings.service;
  }

  /** Types what this step shows, until it is met. */
  async typesAll(step: Step): Promise<void> {
    const isOver = () => this.#standing().step(step.id).outcome === 'met';
    for (const command of step.commands) {
      if (isOver()) return;
      if (command.only !== 'remote') await this.#types(step, command, isOver);
    }
  }

  /** Every step of the lab in this run. `each`: told of it, with what does it. */
  async walk(
    lab: Lab,
    run: string,
    each: (step: string, act: () => Promise<Ended>) => Promise<void>,
  ): Promise<void> {
    this.sitsDown(lab, run);
    for (const step of lab.steps) await each(step.id, () => this.#does(step));
  }

  /** All that it made, and that is there still. */
  async remove(): Promise<void> {
    const { docker } = this.#lab;
    const lines = (text: string) => text.split('\n').filter(Boolean);
    const marked = ['--filter', `label=${this.#mark}`];
    const containers = lines(await docker('ps', '-aq', ...marked));
    if (containers.length > 0) await docker('rm', '-fv', ...containers);
    const there = lines(await docker('volume', 'ls', '-q')).filter((name) => this.#volumes.has(name));
    const volumes = [...lines(await docker('volume', 'ls', '-q', ...marked)), ...there];
    if (volumes.length > 0) await docker('volume', 'rm', ...new Set(volumes));
  }

  /** The step in a process of its own, beside which its commands are typed. */
  async #does(step: Step): Promise<Ended> {
    const args = [CLI, 'next', '--by-hand', '--yes', '--lang', 'en', '--run', this.#run];
    const child = spawn(process.execPath, args, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (data: Buffer) => {
      said.stdout += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      said.stderr += data;
    });
    const end = once(child, 'close');
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    try {
      await this.#until(`${step.id} is watched`, () => isOver || said.stdout.includes('Your turn'));
      for (const command of step.commands) {
        if (isOver) break;
        if (command.only !== 'remote') await this.#types(step, command, () => isOver);
      }
      await this.#until(`${step.id} is met`, () => isOver);
    } catch (error) {
      child.kill();
      throw new Error(`${step.id}: ${said.stdout}${said.stderr}`, { cause: error });
    }
    const [code] = await end;
    return { code: Number(code), ...said };
  }

  async #types(step: Step, command: Command, isOver: () => boolean): Promise<void> {
    if (command.readyFirst) await this.#untilReady(command.readyFirst);
    const shown = shownLine(command, this.#values(), this.#service);
    const line = shown.replace(/docker (run|volume create) /, `$&--label ${this.#mark} `);
    const shell = spawn('bash', ['-c', line], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const end = once(shell, 'close');
    const log: Buffer[] = [];
    shell.stdout.on('data', (data: Buffer) => log.push(data));
    shell.stderr.on('data', (data: Buffer) => log.push(data));
    if (command.foreground) {
      const count = () => String(Buffer.concat(log)).split('ready to accept connections').length - 1;
      await this.#until('it is ready', () => count() >= 2);
      await sleep(1_500);
      process.kill(-(shell.pid as number), 'SIGINT');
    }
    const [code] = await end;
    const exits = command.exits ?? [0];
    if (!command.illustrates && !exits.includes(Number(code)))
      throw new Error(`${line}: exit ${code}: ${Buffer.concat(log)}`);
    const { creates, ready, proves = [] } = command;
    // What only shows goes by no name of the world when the learner makes it.
    if (creates && step.world?.[creates])
      await this.#until(
        `${creates} is taken`,
        () => isOver() || this.#standing().things.last(creates) !== null,
      );
    this.#rememberVolumes();
    if (ready) await this.#untilReady(ready);
    // The next command may take away what these look at.
    for (const id of proves)
      await this.#until(`${id} is met`, () => isOver() || this.#standing().step(step.id).everMet.has(id));
  }

  #rememberVolumes(): void {
    for (const { volume } of this.#standing().things.all) if (volume !== null) this.#volumes.add(volume);
  }

  #standing() {
    return readJournal(join(this.#lab.home, 'runs', this.#run, 'journal.jsonl')).standing;
  }

  /** What the journal has told so far, as `pglab show` knows it. */
  #values(): Values {
    const standing = this.#standing();
    const values: Values = { ...this.#ports, ...standing.values, ...standing.told, owner: 'mine' };
    for (const thing of standing.things.all) {
      if (thing.kind !== 'container') continue;
      values[`${thing.name}.id`] = thing.id;
      values[`${thing.name}.short`] = shortId(thing.id);
      if (thing.volume !== null) values[`${thing.name}.volume`] = thing.volume;
    }
    return values;
  }

  async #untilReady(name: string): Promise<void> {
    // It opens no session: a program that does would make unclear who came through the port.
    const probe = ['pg_isready', '-h', '127.0.0.1'];
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
      const id = this.#standing().things.last(name, { kind: 'container' })?.id;
      const told = id && (await outputOf('docker', ['exec', id, ...probe], this.#env).catch(() => ''));
      if (told?.includes('accepting connections')) return;
    }
    throw new Error(`${name} never answered`);
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; !isSo(); await sleep(LOOK_EVERY_MS))
      if (Date.now() > deadline) throw new Error(`it never came to this: ${what}`);
  }
}
