/** The colours of a map on a terminal. */
import type { Paint } from '../map/drawn.ts';
import type { Screen } from './screen.ts';

const STYLES = { own: 'cyan', good: 'green', bad: 'yellow', soft: 'dim', head: 'bold' } as const;

export function paintOn(screen: Pick<Screen, 'paint'>): Paint {
  return (tone, text) => (tone === 'plain' ? text : screen.paint(STYLES[tone], text));
}
