/**
 * Measures a workshop and judges nothing: each figure is printed beside the bound that it is to reach. No engine is needed.
 * `npm run bench:workshop -- back line` measures only these.
 */
import { cpus, loadavg } from 'node:os';
import { blackHole, lossy } from './bad-network.ts';
import { lineToScreen, manyViewers } from './live.ts';
import { allAtOnce, back, reconnecting } from './storms.ts';

const ROWS: Record<string, () => Promise<void>> = {
  back,
  line: lineToScreen,
  viewers: manyViewers,
  storm: allAtOnce,
  reconnect: reconnecting,
};
/** Only where they are asked for: in a network namespace of their own, as root. */
const BAD_NETWORK: typeof ROWS = { hole: blackHole, loss: lossy };

console.log(
  `${cpus().length} cores (${cpus()[0]?.model}), node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
);
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(BAD_NETWORK)) if (asked.includes(name)) await measure();
for (const [name, measure] of Object.entries(ROWS))
  if (asked.length === 0 || asked.includes(name)) await measure();
process.exit(0);
