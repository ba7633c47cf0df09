/** Right worlds that were made in another way than pglab makes them. */
import { RIGHT_CONTAINERS } from './right-containers.ts';
import { RIGHT_LOGINS } from './right-logins.ts';
import { RIGHT_PORTS } from './right-ports.ts';
import type { RightRow } from './row.ts';

export const RIGHT: readonly RightRow[] = [...RIGHT_CONTAINERS, ...RIGHT_PORTS, ...RIGHT_LOGINS];
