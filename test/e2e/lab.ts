/** Drives the real command line, each test in a home of its own, on the stage's engine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import resultSchema from '../../src/report/result.schema.json' with { type: 'json' };
import type { Result } from '../../src/report/result.ts';

/** What `npx pglab` starts. The soak runs a copy, which no build replaces under it. */
export const CLI = join(process.env.PGLAB_TEST_DIST ?? join(import.meta.dirname, '../../dist'), 'pglab.js');
/** An endpoint at which there is nothing. */
export const NOT_HERE = 'unix:///nonexistent/docker.sock';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface TestLab {
  home: string;
  env: NodeJS.ProcessEnv;
  /** Runs a verb to its end; JSON that it printed was held against its schema. */
  pglab(...args: string[]): Promise<Ended>;
  /** Runs a verb with --format json and reads what it printed. */
  json(...args: string[]): Promise<Result & { code: number } & Record<string, unknown>>;
  start(...args: string[]): ChildProcess;
  docker(...args: string[]): Promise<string>;
  /** Resets this lab's runs and removes its home. */
  end(): Promise<void>;
}

export function openLab(env: NodeJS.ProcessEnv = {}): TestLab {
  const home = mkdtempSync(join(tmpdir(), 'pglab-test-'));
  const whole: NodeJS.ProcessEnv = { ...process.env, LANG: 'C.UTF-8', PGLAB_HOME: home, ...env };
  delete whole.NODE_TEST_CONTEXT;
  const pglab = async (...args: string[]) => {
    const told = await ended(process.execPath, [CLI, ...args], whole);
    if (args.includes('json')) readResult(told);
    return told;
  };
  return {
    home,
    env: whole,
    pglab,
    async json(...args) {
      const told = await pglab(...args, '--format', 'json');
      return { ...readResult(told), code: told.code };
    },
    start: (...args) =>
      spawn(process.execPath, [CLI, ...args], { env: whole, stdio: ['ignore', 'pipe', 'pipe'] }),
    docker: (...args) => outputOf('docker', args, whole),
    async end() {
      const { code, stderr } = await pglab('reset', '--yes');
      rmSync(home, { recursive: true, force: true });
      if (code !== 0) throw new Error(`reset failed: ${stderr}`);
    },
  };
}

const fitsSchema = new Ajv2020().compile(resultSchema);

/** What a verb printed with --format json: one object, as the package's own schema has it. */
export function readResult({ code, stdout, stderr }: Ended): Result & Record<string, unknown> {
  let result: unknown;
  try {
    result = JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON on stdout, exit ${code}: ${stdout}\n${stderr}`);
  }
  if (!fitsSchema(result)) throw new Error(`${JSON.stringify(fitsSchema.errors)}: ${stdout}`);
  return result as Result & Record<string, unknown>;
}

/** What a program printed, without the newline at the end; an error where it failed. */
export async function outputOf(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await ended(program, args, env);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Runs a program to its end; 255 is an end by a signal. */
export function ended(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { env, encoding: 'utf8', maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Somebody else who listens on a port of this machine, and hangs up on every caller. */
export async function listenOn(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '0.0.0.0');
  await once(server, 'listening');
  return server;
}

/** The flags that give a server this file for its set-up. */
export function setUpBy({ home }: Pick<TestLab, 'home'>, file: string, text: string): string[] {
  const folder = join(home, 'set-up');
  mkdirSync(folder);
  writeFileSync(join(folder, file), text);
  // Whatever our umask: it is the server's user that reads it.
  chmodSync(folder, 0o755);
  return ['-v', `${folder}:/docker-entrypoint-initdb.d`];
}

/** What on the engine carries this home's label: containers, volumes, networks; of one run, of one step. */
export async function labelled(lab: TestLab, run?: string, step?: string): Promise<string[]> {
  const labels = { home: homeIdOf(lab), run, step };
  const filters = Object.entries(labels).flatMap(([key, value]) =>
    value === undefined ? [] : ['--filter', `label=pglab.${key}=${value}`],
  );
  return listed(lab, filters);
}

/** The id of the container that this run made under a name; empty where there is none. */
export function containerOf(lab: TestLab, run: string, name: string): Promise<string> {
  const labels = [`pglab.home=${homeIdOf(lab)}`, `pglab.run=${run}`, `pglab.name=${name}`];
  const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
  return lab.docker('ps', '-aq', '--no-trunc', ...filters);
}

/** All containers, volumes and networks on the engine, with anybody's label or none. */
export function everything(lab: TestLab): Promise<string[]> {
  return listed(lab, []);
}

async function listed({ docker }: TestLab, filters: string[]): Promise<string[]> {
  const lists = await Promise.all([
    docker('ps', '-aq', '--no-trunc', ...filters),
    docker('volume', 'ls', '-q', ...filters),
    docker('network', 'ls', '-q', '--no-trunc', ...filters),
  ]);
  return lists.flatMap((list) => list.split('\n').filter(Boolean)).sort();
}

export function homeIdOf({ home }: Pick<TestLab, 'home'>): string {
  return readFileSync(join(home, 'home-id'), 'utf8').trim();
}

/** Ids of the processes whose command line names this. */
export function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home);
    } catch {
      return false;
    }
  });
}
