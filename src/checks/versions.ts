import type { Check } from '../lab/model.ts';
import { published } from './alive.ts';
import { notAnswered, queryThrough } from './published.ts';
import { met, notMet } from './verdict.ts';

/** The same query through each container's port is answered with versions of different majors. */
export function differentMajors(first: string, second: string, id = 'majors-differ'): Check {
  return {
    id,
    kind: 'different-majors',
    says: ['firstPort', 'firstVersion', 'secondPort', 'secondVersion'],
    async judge(look) {
      const told: { port: number; version: string }[] = [];
      for (const name of [first, second]) {
        const found = await published(look, name);
        if ('verdict' in found) return found.verdict;
        const { container, port } = found;
        const { answer } = await queryThrough(look, container, port, 'show server_version');
        if (!answer.ok) return notAnswered(look, container, port, answer.cause);
        told.push({ port, version: answer.rows[0]?.[0]?.split(' ')[0] ?? '' });
      }
      const [one, two] = told as [(typeof told)[number], (typeof told)[number]];
      const values = {
        firstPort: one.port,
        firstVersion: one.version,
        secondPort: two.port,
        secondVersion: two.version,
      };
      const same = Number.parseInt(one.version, 10) === Number.parseInt(two.version, 10);
      const evidence = 'docker container ps';
      return same ? notMet('same-major', values, evidence) : met(values, evidence);
    },
  };
}
