/** Which containers come onto the map, whose they are, and whose servers may be asked who is connected. */
import type { ListedContainer } from '../engine/types.ts';
import type { Standing } from '../journal/standing.ts';
import { LABEL } from '../names.ts';
import type { Owned } from './picture.ts';
import { isOfLab, type Owner } from './world.ts';

/** More than these are counted: a map of more boxes shows nothing. */
const MOST = 12;
/** Networks that every engine has: to be on one of them makes nobody a neighbour. */
export const USUAL_NETWORKS = /^(bridge|host|none|podman)$/;

export interface Drawn {
  listed: ListedContainer;
  owned: Owned;
  /** It is the run's, or the learner took it as theirs: others' servers are left alone. */
  isAsked: boolean;
}

/** The first has the first claim to a place on the map. */
type Rank = 'run' | 'adopted' | 'new' | 'other';
const RANKS: readonly Rank[] = ['run', 'adopted', 'new', 'other'];
const OWNED: Readonly<Record<Rank, Owned>> = {
  run: 'run',
  adopted: 'learner',
  new: 'learner',
  other: 'other',
};

type RankOf = (container: ListedContainer) => Rank;

/** `ours`: what has this run's labels. `said`: ids of what the learner says is theirs. */
export function rankingOf(
  { owner, standing, said }: { owner: Owner | null; standing: Standing; said?: ReadonlySet<string> },
  ours: readonly ListedContainer[],
): RankOf {
  const run = new Set(ours.flatMap(({ id, labels }) => (isOfLab(labels, owner?.lab ?? '') ? [id] : [])));
  const adopted = new Set([...standing.things.adoptions().values(), ...(said ?? [])]);
  return ({ id, labels }) => {
    if (run.has(id)) return 'run';
    if (adopted.has(id)) return 'adopted';
    return !(LABEL.run in labels) && standing.isMadeInRun('container', id) ? 'new' : 'other';
  };
}

/**
 * The run's and the learner's, and of others those that hold a port of interest, share a network or a volume with
 * them; of too many those of the first rank, and the newest. The oldest stands first, so that each keeps its place.
 */
export function drawnOf(all: readonly ListedContainer[], rankOf: RankOf, ports: readonly number[]): Drawn[] {
  const ranked = all.map((listed) => ({ listed, rank: rankOf(listed) }));
  const near = new Set(
    ranked.flatMap(({ listed: { networks, inNetworkOf, mounts }, rank }) =>
      rank === 'other' ? [] : [...networks, inNetworkOf ?? [], ...mounts.map(({ source }) => source)].flat(),
    ),
  );
  const isInTheWay = ({ id, bindings, networks, mounts }: ListedContainer) =>
    near.has(id) ||
    bindings.some(({ hostPort }) => ports.includes(hostPort)) ||
    networks.some((name) => near.has(name) && !USUAL_NETWORKS.test(name)) ||
    mounts.some(({ type, source }) => type === 'volume' && near.has(source));
  const chosen = new Set(
    ranked
      .filter(({ listed, rank }) => rank !== 'other' || isInTheWay(listed))
      .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank))
      .slice(0, MOST),
  );
  // The engine tells of the newest first, also of those that were made within one second.
  return ranked
    .filter((each) => chosen.has(each))
    .reverse()
    .map(({ listed, rank }) => ({
      ...{ listed, owned: OWNED[rank], isAsked: rank === 'run' || rank === 'adopted' },
    }));
}
