import { type Check, defineCheck } from '../lab/model.ts';
import { met } from '../lab/verdict.ts';
import { shortId } from '../values.ts';
import { running as found } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/**
 * Every one of these containers runs. Says `ids`, the first 12 digits of each.
 * Finds what `NOT_RUNNING` names.
 *
 *     checks: [running(['mapped', 'other'], 'both-run')]
 */
export function running(names: readonly string[], id = 'running'): Check {
  return defineCheck({
    id,
    kind: 'running',
    says: ['ids'],
    finds: NOT_RUNNING,
    async judge(look) {
      const looks = await Promise.all(names.map((name) => found(look, name)));
      const ids: string[] = [];
      for (const each of looks) {
        if ('verdict' in each) return each.verdict;
        ids.push(shortId(each.container.id));
      }
      return met({ ids: ids.join(', ') }, 'docker container ps');
    },
  });
}
