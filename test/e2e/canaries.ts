/**
 * Things on the engine that are not this lab's: a container, named and anonymous volumes, a network and
 * an image; one of each looks like ours, one has another home's label, one is of another run. Whatever
 * happens beside them, they must be as they were.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { containerOf, homeIdOf, openLab, type TestLab } from './lab.ts';

export interface Canaries {
  /** Fails unless all is as it was made. An engine that was ended has ended its containers. */
  areWell(since?: 'engine-ended'): Promise<void>;
  remove(): Promise<void>;
}

interface Inspected {
  Id: string;
  State: { Status: string; StartedAt: string };
  Mounts: { Name: string; Destination: string }[];
  Config: { Labels: Record<string, string> };
}

/** In the form of a home's id, and nobody's. */
export const ANOTHER_HOME = 'beefbeefbeef';
const IMAGE = 'pglab-looks-like-ours:latest';

/** A container with a volume and a network that it uses, and a volume and a network that nobody does. */
async function hatched(docker: TestLab['docker'], name: string, labels: readonly string[]): Promise<void> {
  const flags = labels.flatMap((label) => ['--label', label]);
  await docker('volume', 'create', ...flags, name);
  await docker('network', 'create', ...flags, name);
  // An anonymous volume comes with the image; the named one is mounted beside it.
  const mounts = ['-v', `${name}:/kept`, '--network', name];
  const sleeps = ['--entrypoint', 'sleep', IMAGE, 'infinity'];
  await docker('run', '-d', '--name', name, ...flags, ...mounts, ...sleeps);
  await docker('exec', name, 'bash', '-c', 'echo an egg > /kept/egg');
  // In use, an engine would let nobody remove them; these it would.
  await docker('volume', 'create', ...flags, `${name}-idle`);
  await docker('network', 'create', ...flags, `${name}-idle`);
}

export async function canaries({ docker }: TestLab, run: string, home: string): Promise<Canaries> {
  const birds: [string, string[]][] = [
    ['pglab-looks-like-ours', ['nothing=here']],
    ['canary-of-another-home', [`pglab.run=${run}`, `pglab.home=${ANOTHER_HOME}`, 'pglab.name=quiet']],
    ['canary-of-another-run', ['pglab.run=another', `pglab.home=${home}`, 'pglab.name=quiet']],
  ];
  const names = birds.map(([name]) => name);
  await docker('tag', 'postgres:17', IMAGE);
  for (const [name, labels] of birds) await hatched(docker, name, labels);
  const idle = names.map((name) => `${name}-idle`);
  const containers = async () =>
    (JSON.parse(await docker('inspect', ...names)) as Inspected[]).map(({ Id, State, Mounts, Config }) => ({
      id: Id,
      status: State.Status,
      startedAt: State.StartedAt,
      mounts: Mounts.map(({ Name, Destination }) => `${Name} ${Destination}`).sort(),
      labels: Config.Labels,
    }));
  const look = async () => [
    await containers(),
    await docker(
      'volume',
      'inspect',
      '--format',
      '{{.Name}} {{.CreatedAt}} {{json .Labels}}',
      ...names,
      ...idle,
    ),
    await docker('network', 'inspect', '--format', '{{.Id}} {{json .Labels}}', ...names, ...idle),
    await docker('image', 'inspect', '--format', '{{.Id}}', IMAGE),
    await Promise.all(names.map((name) => docker('cp', `${name}:/kept/egg`, '-'))),
  ];
  const before = await look();
  const told = (of: Awaited<ReturnType<typeof look>>, since?: string) =>
    JSON.parse(JSON.stringify(of), (key, value) =>
      since && (key === 'status' || key === 'startedAt') ? null : value,
    );
  return {
    areWell: async (since) => assert.deepEqual(told(await look(), since), told(before, since)),
    async remove() {
      await docker('rm', '-fv', ...names);
      await docker('volume', 'rm', ...names, ...idle);
      await docker('network', 'rm', ...names, ...idle);
      await docker('rmi', IMAGE);
    },
  };
}

/**
 * For a `describe`: a lab whose current run is this one, of Postgres 17 at this port, with canaries that are well
 * after each test.
 */
export function besideCanaries(name: string, port: string) {
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: port, PGLAB_RUN: name });
  const run = (...args: string[]) => lab.pglab(...args, '--run', name);
  const journalFile = () => join(lab.home, 'runs', name, 'journal.jsonl');
  let birds: Canaries;
  before(async () => {
    await run('list', '--all-runs');
    birds = await canaries(lab, name, homeIdOf(lab));
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });
  afterEach(() => birds.areWell());
  return {
    ...{ lab, run, journalFile },
    journal: () => readFileSync(journalFile(), 'utf8'),
    idOf: (of: string) => containerOf(lab, name, of),
  };
}
