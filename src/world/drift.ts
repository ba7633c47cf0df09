/**
 * What has changed in the world since the run left it: what finished steps made, and the engine no
 * longer has as it was. Said, never mended here: a step repairs what it needs, when it needs it.
 */

import { shellWord } from '../grammar.ts';
import type { Standing } from '../journal/standing.ts';
import type { Lab } from '../lab/model.ts';
import { shortId, type Values } from '../values.ts';
import type { World } from './world.ts';

/** `note` is a key of the notes. */
export interface Drift {
  note:
    | 'drift-gone'
    | 'drift-exited'
    | 'drift-paused'
    | 'drift-all-exited'
    | 'drift-volume-gone'
    | 'drift-reset';
  values: Values;
}

export async function driftOf(lab: Lab, world: World, standing: Standing): Promise<Drift[]> {
  const interrupted = interruptedReset(standing);
  const drifts: Drift[] = interrupted ? [{ note: 'drift-reset', values: { command: interrupted } }] : [];
  const expected = expectedNames(lab, standing);
  if (expected.length === 0) return drifts;
  const there = await world.snapshot();
  const stopped: Drift[] = [];
  let running = 0;
  for (const { name, kind, step, id } of expected) {
    const values = { name, step, short: shortId(id) };
    if (kind === 'volume') {
      if ((await world.existingVolume(name)) === null) drifts.push({ note: 'drift-volume-gone', values });
      continue;
    }
    const status = there.listed(name)?.status;
    if (status === undefined) drifts.push({ note: 'drift-gone', values });
    else if (status === 'paused') drifts.push({ note: 'drift-paused', values });
    else if (status === 'running') running += 1;
    else stopped.push({ note: 'drift-exited', values });
  }
  // One cause is likelier than several: the engine itself was stopped, and is back.
  if (running > 0 || stopped.length < 2) return [...drifts, ...stopped];
  return [...drifts, { note: 'drift-all-exited', values: { count: stopped.length } }];
}

/** The command of a reset that began, and neither came to its end nor was gone on from. */
function interruptedReset({ resetUnderWay }: Standing): string | null {
  if (resetUnderWay === null) return null;
  const words = ['pglab', 'reset', ...(resetUnderWay.named ?? resetUnderWay.steps ?? [])];
  return words.map(shellWord).join(' ');
}

/** Names that finished steps made, and nobody took away; all of them running, or volumes. */
function expectedNames(lab: Lab, standing: Standing) {
  return lab.steps.flatMap((step) => {
    // A passing step's world is rightly gone.
    if (!standing.isFinished(step.id) || step.passing) return [];
    const rightlyGone = new Set(step.commands.map(({ removes }) => removes));
    return Object.keys(step.world ?? {}).flatMap((name) => {
      if (rightlyGone.has(name)) return [];
      // A reset that was given up has removed things as well: they are missed too.
      const last = standing.things.last(name);
      return last ? [{ name, step: step.id, kind: last.kind, id: last.id }] : [];
    });
  });
}
