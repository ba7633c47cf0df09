/** Wrong worlds that a rootless engine alone lets happen. */
import type { Row } from './row.ts';

/** A container of this run's image, made by hand with these flags. */
interface RootlessRow extends Pick<Row, 'world' | 'step' | 'finds'> {
  flags: readonly string[];
}

export const ROOTLESS: readonly RootlessRow[] = [
  {
    world: 'a port that the system lets only root have',
    step: 'port-mapping',
    flags: ['-p', '82:5432'],
    finds: ['port-forbidden'],
  },
];
