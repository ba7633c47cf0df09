/** Wrong worlds of data that somebody damaged: each server on it ends, however it is made. */
import type { Row, World } from './row.ts';

/** A database of old on a volume with a name, to which somebody did this. */
const damaged = (line: string): World => ({
  finds: ['data-damaged'],
  async make(hands) {
    const { docker, image, template, target } = hands;
    await docker('rm', '-f', 'mutant-damaged').catch(() => {});
    await docker('volume', 'rm', '-f', 'mutants-damaged');
    await hands.copy(template, 'mutants-damaged');
    const volume = ['-v', `mutants-damaged:${target}`];
    await docker('run', '--rm', ...volume, '--entrypoint', 'sh', image, '-c', line);
    await docker('wait', await hands.run(['--name', 'mutant-damaged', ...volume]));
  },
});

export const DAMAGED: readonly Row[] = [
  {
    world: 'ended: its write-ahead log was taken away; an empty lock file; half a control file; none',
    step: 'detached-run',
    before: [
      damaged('rm "$PGDATA"/pg_wal/0*'),
      damaged(': > "$PGDATA/postmaster.pid"'),
      damaged('truncate -s 0 "$PGDATA/global/pg_control"; truncate -s 8192 "$PGDATA/global/pg_control"'),
    ],
    ...damaged('rm "$PGDATA/global/pg_control"'),
  },
];
