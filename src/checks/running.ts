import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import { met, short } from './verdict.ts';

/** Every one of these containers runs. */
export function running(names: readonly string[], id = 'running'): Check {
  return {
    id,
    kind: 'running',
    says: ['ids'],
    async judge(look) {
      const looks = await Promise.all(names.map((name) => alive(look, name)));
      const ids: string[] = [];
      for (const found of looks) {
        if ('verdict' in found) return found.verdict;
        ids.push(short(found.container));
      }
      return met({ ids: ids.join(', ') }, 'docker container ps');
    },
  };
}
