/**
 * Measures a workshop and judges nothing: each figure is printed beside the bound that it is to reach. No engine is needed.
 * `npm run bench:workshop -- back line` measures only these.
 */
import { cpus, loadavg } from 'node:os';
import { blackHole, lossy } from './bad-network.ts';
import { pageTick } from './board-page.ts';
import { idle, joinedList } from './idle.ts';
import { lineToScreen, manyViewers } from './live.ts';
import { allAtOnce, back, reconnecting } from './storms.ts';
import { tenThousand } from './ten-thousand.ts';
import { walkBytes } from './walk-bytes.ts';

const ROWS: Record<string, () => Promise<void>> = {
  back,
  line: lineToScreen,
  viewers: manyViewers,
  storm: allAtOnce,
  reconnect: reconnecting,
  idle,
  list: joinedList,
  page: pageTick,
};
/** Only where they are asked for: the first in a network namespace of their own, as root; a walk beside an engine. */
const ASKED_FOR: typeof ROWS = { hole: blackHole, loss: lossy, walk: walkBytes, many: tenThousand };

console.log(
  `${cpus().length} cores (${cpus()[0]?.model}), node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
);
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(ASKED_FOR)) if (asked.includes(name)) await measure();
for (const [name, measure] of Object.entries(ROWS))
  if (asked.length === 0 || asked.includes(name)) await measure();
process.exit(0);
