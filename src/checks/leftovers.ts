/** What stays of a container that was removed: its anonymous volume, unless that went along. */
import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import { met, notMet, short } from './verdict.ts';

/** The container is gone, and its anonymous volume is not. To say so we must have seen both. */
export function volumeLeftBehind(name: string, id = 'left-behind'): Check {
  return {
    id,
    kind: 'volume-left-behind',
    says: ['volume', 'short'],
    async judge(look) {
      const former = look.formerId(name);
      const volume = look.formerVolume(name);
      if (!former || !volume)
        return { outcome: 'unknown', values: { name }, finding: 'never-seen', evidence: 'docker volume ls' };
      const values = { name, short: former.slice(0, 12), volume: volume.slice(0, 12), whole: volume };
      if (await look.engine.container(former)) {
        return notMet('not-removed', values, `docker container ps --all --filter id=${values.short}`);
      }
      const evidence = `docker volume inspect ${volume}`;
      const there = (await look.engine.volumes()).some((candidate) => candidate.name === volume);
      return there ? met(values, evidence) : notMet('volume-went-along', values, evidence);
    },
  };
}

/** The volume that another container left behind is mounted here. */
export function mountsFormer(name: string, former: string, id = 'mounted'): Check {
  return {
    id,
    kind: 'mounts-former',
    says: ['volume', 'target'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const volume = look.formerVolume(former) ?? '';
      if (volume === '')
        return {
          outcome: 'unknown',
          values: { name: former },
          finding: 'never-seen',
          evidence: 'docker volume ls',
        };
      const mount = container.mounts.find(({ source }) => source === volume);
      const evidence = `docker inspect --format '{{json .Mounts}}' ${short(container)}`;
      const values = {
        name,
        short: short(container),
        volume: volume.slice(0, 12),
        target: mount?.target ?? '',
      };
      return volume && mount ? met(values, evidence) : notMet('volume-not-mounted', values, evidence);
    },
  };
}

/** Container and anonymous volume are both gone, and both were there. */
export function leavesNothing(name: string, id = 'leaves-nothing'): Check {
  return {
    id,
    kind: 'leaves-nothing',
    says: ['short', 'volume'],
    async judge(look) {
      const former = look.formerId(name);
      const volume = look.formerVolume(name);
      if (!former || !volume)
        return { outcome: 'unknown', values: { name }, finding: 'never-seen', evidence: 'docker volume ls' };
      const values = { name, short: former.slice(0, 12), volume: volume.slice(0, 12), whole: volume };
      const evidence = `docker volume inspect ${volume}`;
      if (await look.engine.container(former)) {
        return notMet('not-removed', values, `docker container ps --all --filter id=${values.short}`);
      }
      const there = (await look.engine.volumes()).some((candidate) => candidate.name === volume);
      return there ? notMet('volume-left', values, evidence) : met(values, evidence);
    },
  };
}
