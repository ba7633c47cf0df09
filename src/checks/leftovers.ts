/** What stays of a container that was removed: its anonymous volume, unless that went along. */
import { isHeldBy } from '../engine/volumes.ts';
import { shellWord } from '../grammar.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { type Finding, met, notMet, unknown, type Verdict } from '../lab/verdict.ts';
import { shortId, type Values } from '../values.ts';
import { inspected } from './evidence.ts';
import { onRunning } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

const NOT_GONE = ['never-seen', 'not-removed'] as const;

/**
 * The container is gone, and its anonymous volume is not. To say so this run must have seen both. Says `volume` and
 * `short`: the first 12 digits of the volume's and the container's id.
 * Finds `volume-went-along`, and what `NOT_GONE` names.
 *
 *     checks: [volumeLeftBehind('doomed')]
 */
export function volumeLeftBehind(name: string, id = 'left-behind'): Check {
  return defineCheck({
    id,
    kind: 'volume-left-behind',
    says: ['volume', 'short'],
    finds: [...NOT_GONE, 'volume-went-along'],
    judge: (look) =>
      onRemoved(look, name, (isThere, values, evidence) =>
        isThere ? met(values, evidence) : notMet('volume-went-along', values, evidence),
      ),
  });
}

/**
 * Container and anonymous volume are both gone, and both were there. Says `short` and `volume`.
 * Finds `volume-left`, and what `NOT_GONE` names.
 *
 *     checks: [leavesNothing('successor')]
 */
export function leavesNothing(name: string, id = 'leaves-nothing'): Check {
  return defineCheck({
    id,
    kind: 'leaves-nothing',
    says: ['short', 'volume'],
    finds: [...NOT_GONE, 'volume-left'],
    judge: (look) =>
      onRemoved(look, name, (isThere, values, evidence) =>
        isThere ? notMet('volume-left', values, evidence) : met(values, evidence),
      ),
  });
}

/** Judges whether the volume of a container that was there and is gone is there still. */
async function onRemoved<F extends Finding>(
  look: Look,
  name: string,
  judge: (isThere: boolean, values: Values, evidence: string) => Verdict<F>,
): Promise<Verdict<F | (typeof NOT_GONE)[number]>> {
  const former = look.formerId(name);
  const volume = look.formerVolume(name);
  if (!former || !volume) return neverSeen(name);
  const short = shortId(former);
  const values = { name, short, volume: shortId(volume), whole: volume };
  if (await look.engine.container(former)) {
    return notMet('not-removed', values, `docker container ps --all --filter id=${short}`);
  }
  const isThere = (await look.engine.volumes()).some((candidate) => candidate.name === volume);
  return judge(isThere, values, `docker volume inspect ${shellWord(volume)}`);
}

function neverSeen(name: string): Verdict<'never-seen'> {
  return unknown('never-seen', { name }, 'docker volume ls');
}

/** As an id is shortened; a volume's name cannot be. */
function isBeginning(name: string, whole: string): boolean {
  return name.length >= 4 && name.length < whole.length && whole.startsWith(name);
}

/**
 * The volume that another container left behind is mounted here. Says `volume`, its first 12 digits, and `target`,
 * a path inside.
 * Finds `never-seen`, `volume-not-mounted`, `volume-name-short`, and what `NOT_RUNNING` names.
 *
 *     checks: [mountsFormer('finder', 'doomed')]
 */
export function mountsFormer(name: string, former: string, id = 'mounted'): Check {
  return defineCheck({
    id,
    kind: 'mounts-former',
    says: ['volume', 'target'],
    finds: [...NOT_RUNNING, 'never-seen', 'volume-not-mounted', 'volume-name-short'],
    judge: onRunning(name, async (look, container) => {
      const volume = look.formerVolume(former) ?? '';
      if (volume === '') return neverSeen(former);
      const wanted = (await look.image()).volumeTargets[0] ?? 'TARGET';
      const folder = container.env.PGDATA ?? wanted;
      // Mounted beside the data it is no use.
      const mount = container.mounts.find(
        ({ source, target }) => source === volume && isHeldBy(target, folder),
      );
      const evidence = inspected(container, '{{json .Mounts}}');
      const target = mount?.target ?? '';
      const values = { name, short: shortId(container.id), volume: shortId(volume), target };
      if (mount) return met(values, evidence);
      const short = container.mounts.find(({ source }) => isBeginning(source, volume));
      const told = { ...values, whole: volume };
      if (short)
        return notMet('volume-name-short', { ...told, seen: short.source, target: short.target }, evidence);
      return notMet('volume-not-mounted', { ...told, wanted }, evidence);
    }),
  });
}
