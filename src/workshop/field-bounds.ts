/** Bounds of single fields that a courier keeps to when it sends, and a board when it takes. */
import { integer, matching, type Test } from '../journal/shapes.ts';
import { MOST } from './protocol.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** The number of a line. */
export const seq = integer(1, LARGEST);
export const count = integer(0, LARGEST);
/** Of pglab: as a package's version goes. */
export const version = matching(/^[\w.+-]{1,40}$/);
/** What somebody has typed: of each character that is shown, up to four that make it up. */
export const isText: Test = (value) => typeof value === 'string' && value.length <= 4 * MOST.handCharacters;
