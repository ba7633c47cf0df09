/** All wrong worlds that are made one after another, each from nothing. */
import { ASKED_INSIDE } from './asked-inside.ts';
import { CONFIGURATION } from './configuration.ts';
import { DAMAGED } from './damaged.ts';
import { ENDED } from './ended.ts';
import { ENTRY } from './entry.ts';
import { FOREGROUND } from './foreground.ts';
import { IMAGES } from './images.ts';
import { ISOLATION } from './isolation.ts';
import { KEPT_DATA } from './kept-data.ts';
import { LEFTOVERS } from './leftovers.ts';
import { PORT_HOLDERS } from './port-holders.ts';
import { PORTS } from './ports.ts';
import type { Row, World } from './row.ts';
import { STATES } from './states.ts';
import { TWO_MAJORS } from './two-majors.ts';
import { VOLUMES } from './volumes.ts';

export const WRONG: readonly Row[] = [
  ...IMAGES,
  ...STATES,
  ...ASKED_INSIDE,
  ...ENDED,
  ...DAMAGED,
  ...FOREGROUND,
  ...PORTS,
  ...PORT_HOLDERS,
  ...TWO_MAJORS,
  ...ENTRY,
  ...ISOLATION,
  ...VOLUMES,
  ...KEPT_DATA,
  ...LEFTOVERS,
  ...CONFIGURATION,
];

/** The oldest and the newest major of the stage. */
export const MAJORS = [15, 18] as const;
const [, NEWEST] = MAJORS;

type Bounds = Pick<Row, 'newestOnly' | 'from' | 'until'>;

export function isMeantFor({ newestOnly, from = 0, until = 99 }: Bounds, major: number): boolean {
  return (!newestOnly || major === NEWEST) && major >= from && major < until;
}

/** The worlds of a row, in the order in which they are made and judged. */
export function worldsOf(row: Row): readonly World[] {
  return [...(row.before ?? []), row];
}
