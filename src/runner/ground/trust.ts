/** How far a container is trusted with a password. */
import type { Container } from '../../engine/types.ts';
import { requireService, type Trust } from '../../lab/service.ts';
import { LABEL } from '../../names.ts';
import type { RunContext } from './context.ts';

/** A command of ours made it, in this run: its labels say so. */
export function isMadeByUs(
  { owner }: Pick<RunContext, 'owner'>,
  { labels }: Pick<Container, 'labels'>,
): boolean {
  return labels[LABEL.run] === owner.run && labels[LABEL.home] === owner.home;
}

export function trustIn(
  { lab, owner, journal }: Pick<RunContext, 'lab' | 'owner' | 'journal'>,
  { id, labels, env }: Pick<Container, 'id' | 'labels' | 'env'>,
): Trust {
  const { majorOf, knowsMd5Only } = requireService(lab.settings.service).container;
  const isOfRun = isMadeByUs({ owner }, { labels }) || journal.standing.isMadeInRun('container', id);
  const isTheirs = journal.standing.tries.get(id)?.line.how === 'said';
  const major = majorOf(env);
  return { isOfRun, isTheirs, md5: isOfRun && major !== null && knowsMd5Only(major) };
}
