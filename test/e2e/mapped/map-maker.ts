/** Makes worlds for the map on a real engine, as pglab and as others do, and takes them away again. */
import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorldMap } from '../../../src/map/map-schema.ts';
import { homeIdOf, listenOn, openLab, type TestLab } from '../lab.ts';
import { all } from '../map-judge.ts';

export const IMAGE = 'postgres:17';
/** A container that runs at once, and serves nothing. */
export const IDLE: readonly string[] = ['--entrypoint', 'sleep', IMAGE, '600'];

const RUN = 'mapping';

/** A world, brought about for real, and what its map must show beside what holds of every map. */
export interface MappedWorld {
  /** Its drawings are kept under this name. */
  name: string;
  make(maker: MapMaker): Promise<unknown>;
  look?(map: WorldMap, lab: TestLab): void | Promise<void>;
  /** What pglab is given beside the environment of the tests. */
  env?: NodeJS.ProcessEnv;
}

export class MapMaker {
  readonly lab: TestLab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_RUN: RUN });
  /** Volumes that other suites left on this engine. */
  left = 0;
  #home = '';
  readonly #made: string[] = [];
  readonly #listeners: Server[] = [];
  readonly volumes: string[] = [];
  readonly networks: string[] = [];

  /** What comes from here on is the learner's own. */
  async begin(): Promise<void> {
    this.left = (await this.docker('volume', 'ls', '-q')).split('\n').filter(Boolean).length;
    await this.lab.pglab('check', 'image');
    this.#home = homeIdOf(this.lab);
  }

  readonly docker = (...args: string[]): Promise<string> => this.lab.docker(...args);

  readonly run = async (...args: string[]): Promise<void> => {
    this.#made.push(await this.docker('run', '-d', ...args));
  };

  readonly create = async (...args: string[]): Promise<void> => {
    this.#made.push(await this.docker('create', ...args));
  };

  /** The flags of what a run by our name made from this home. */
  readonly labels = (home: string): string[] =>
    [`run=${RUN}`, `home=${home}`, 'lab=postgres-in-docker', 'step=port-mapping'].flatMap((each) => [
      ...['--label', `pglab.${each}`],
    ]);

  get ours(): string[] {
    return this.labels(this.#home);
  }

  readonly named = (name: string): string[] => [
    ...this.ours,
    ...['--label', `pglab.name=${name}`, '--name', `map-${name}`],
  ];

  /** A process of this machine, which is there until the world is taken away. */
  readonly listens = async (port: number): Promise<void> => {
    this.#listeners.push(await listenOn(port));
  };

  /** Somebody who is in for a while, before this returns. */
  readonly stay = async (...way: string[]): Promise<void> => {
    const psql = ['map-mapped', 'psql', '-U', 'postgres'];
    const sleeps = [...psql, ...way, '-c', 'select pg_sleep(60)'];
    await this.docker('exec', '-d', '-e', 'PGAPPNAME=learner', ...sleeps);
    const count = "select count(*) from pg_stat_activity where application_name = 'learner'";
    while (!(await this.docker('exec', ...psql, '-Atc', count)).startsWith('1')) await delay(50);
  };

  readonly stageOf = async () => {
    const { map } = (await this.lab.json('map')) as unknown as { map: WorldMap };
    return all(map, 'container')[0]?.stage ?? null;
  };

  async takeAway(): Promise<void> {
    for (const listener of this.#listeners.splice(0)) listener.close();
    if (this.#made.length > 0) await this.docker('rm', '-fv', ...this.#made.splice(0));
    if (this.volumes.length > 0) await this.docker('volume', 'rm', '-f', ...this.volumes.splice(0));
    if (this.networks.length > 0) await this.docker('network', 'rm', ...this.networks.splice(0));
  }
}
