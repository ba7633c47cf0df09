/** Databases of others on the engine of a lab, and what their tests ask of it. */
import { join } from 'node:path';
import { after, afterEach, beforeEach } from 'node:test';
import type { Line } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openLab } from './lab.ts';

export const PORT = '6700';
export const NAME = 'neighbour-of-pglab';
export const BAIT = 'bait-of-pglab';
export const DATA = 'neighbour-of-pglab-data';
export const TARGET = '/var/lib/postgresql/data';

/** For a `describe`: a lab of Postgres 17, with a volume of a neighbour's; what was started beside it goes after each test. */
export function besideNeighbours() {
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: PORT });
  const made: string[] = [];
  after(() => lab.end());

  const start = async (...flags: string[]) => {
    const id = await lab.docker('run', '-d', '-e', 'POSTGRES_PASSWORD=theirs', ...flags, 'postgres:17');
    made.push(id);
    for (;;) {
      const tcp = ['psql', '-X', '-h', '127.0.0.1', '-U', 'postgres', '-Atc', 'select 1'];
      if ((await lab.docker('exec', id, ...tcp).catch(() => '')) === '1') return id;
    }
  };
  const neighbour = () => start('--name', NAME, '-p', `${PORT}:5432`, '-v', `${DATA}:${TARGET}`);
  const isThere = async (name: string) =>
    (await lab.docker('ps', '-a', '--format', '{{.Names}}')).split('\n').includes(name);
  const volumes = async () => (await lab.docker('volume', 'ls', '-q')).split('\n');
  const stateOf = (id: string) =>
    lab.docker('inspect', '--format', '{{.Id}} {{.State.Status}} {{.State.StartedAt}}', id);
  const standing = (run: string) => readJournal(join(lab.home, 'runs', run, 'journal.jsonl'));
  const adoptedIn = (run: string) => [...standing(run).standing.tries.values()].map(({ line }) => line);
  const linesOf = <T extends 'noted' | 'engine-pinned' | 'made'>(run: string, type: T) =>
    standing(run).events.filter((line): line is Line<T> => line.type === type);

  beforeEach(() => lab.docker('volume', 'create', DATA));
  afterEach(async () => {
    const left = (await lab.docker('ps', '-aq', '--no-trunc')).split('\n');
    const here = made.splice(0).filter((id) => left.includes(id));
    if (here.length > 0) await lab.docker('rm', '-fv', ...here);
    await lab.docker('volume', 'rm', '-f', DATA);
  });

  return { lab, start, neighbour, isThere, volumes, stateOf, standing, adoptedIn, linesOf };
}
