/** Checks that compare majors: of two servers, of client and server. */
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet } from '../lab/verdict.ts';
import { NOTHING } from '../values.ts';
import { psqlLine } from './evidence.ts';
import { NOT_PUBLISHED, onPublished } from './on-published.ts';
import { askedThrough, NOT_FROM_HERE } from './who-answered.ts';

const VERSION = `current_setting('server_version')`;

/**
 * The same query through each container's port is answered by the container's own server, and with versions of
 * different majors. Says `firstPort`,
 * `firstVersion` (`17.12`), `secondPort`, `secondVersion`.
 * Finds `same-major`, and what `NOT_PUBLISHED` and `NOT_FROM_HERE` name.
 *
 *     checks: [differentMajors('mapped', 'other')]
 */
export function differentMajors(first: string, second: string, id = 'majors-differ'): Check {
  return defineCheck({
    id,
    kind: 'different-majors',
    says: ['firstPort', 'firstVersion', 'secondPort', 'secondVersion'],
    finds: [...NOT_PUBLISHED, ...NOT_FROM_HERE, 'same-major'],
    judge: onPublished(first, async (look, one, firstPort) => {
      const answer = await askedThrough(look, { name: first, container: one, port: firstPort }, VERSION);
      if (answer.verdict) return answer.verdict;
      const firstVersion = versionIn(answer.row);
      const judgeSecond = onPublished(second, async (_look, two, secondPort) => {
        const answer = await askedThrough(look, { name: second, container: two, port: secondPort }, VERSION);
        if (answer.verdict) return answer.verdict;
        const secondVersion = versionIn(answer.row);
        const values = { firstPort, firstVersion, secondPort, secondVersion };
        const evidence = 'docker container ps';
        return majorIn(firstVersion) === majorIn(secondVersion)
          ? notMet('same-major', values, evidence)
          : met(values, evidence);
      });
      return judgeSecond(look);
    }),
  });
}

/**
 * The majors of client and server, told apart: a warning of psql's is not enough to go by. Says `client` and
 * `server`, as `17.12`; `–` where this machine has no psql. Notes `no-psql` and `client-older`.
 * Finds what `NOT_PUBLISHED` and `NOT_FROM_HERE` name.
 *
 *     checks: [majorsCompared('mapped')]
 */
export function majorsCompared(name: string, id = 'majors'): Check {
  return defineCheck({
    id,
    kind: 'majors-compared',
    says: ['client', 'server'],
    finds: [...NOT_PUBLISHED, ...NOT_FROM_HERE],
    judge: onPublished(name, async (look, container, port) => {
      const answer = await askedThrough(look, { name, container, port }, VERSION);
      if (answer.verdict) return answer.verdict;
      const server = versionIn(answer.row);
      const client = await look.clientVersion();
      const evidence = `psql --version; ${psqlLine(look, container, port, 'show server_version')}`;
      if (client === null) return met({ client: NOTHING, server }, evidence, 'no-psql');
      return met(
        { client, server },
        evidence,
        majorIn(client) < majorIn(server) ? 'client-older' : undefined,
      );
    }),
  });
}

/** `17.12` of `17.12 (Debian 17.12-1)`. */
function versionIn([version = '']: string[]): string {
  return version.split(' ')[0] ?? '';
}

function majorIn(version: string): number {
  return Number.parseInt(version, 10);
}
