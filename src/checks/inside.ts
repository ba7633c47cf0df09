/** Checks that ask the server from inside its container: who it is, and whom it lets in. */
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet } from '../lab/verdict.ts';
import {
  isTrust,
  OUTSIDE_METHOD,
  OUTSIDE_RULE,
  ruleIn,
  SOCKET_METHOD,
  SOCKET_RULE,
} from '../postgres/access-rules.ts';
import { loginOf } from '../postgres/login.ts';
import { SYSTEM_ID } from '../postgres/server-mark.ts';
import { shortId } from '../values.ts';
import { insideLine, logsOf } from './evidence.ts';
import { onRunning } from './on-running.ts';
import { answeredInside } from './refused-in-log.ts';
import { isComingUp } from './set-up.ts';
import { SILENT_INSIDE, silentInside } from './silent-inside.ts';
import { LOGS_CONNECTIONS, ruleThatLetIn } from './which-rule.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/**
 * psql in the container is answered, over the socket. Says `version` (`17.12`), `systemId` (of its data),
 * `user`. Notes `role-missing` and `database-missing`, where its log says so of one who came.
 * Finds `not-the-major-it-says`, and what `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [answersInside('quiet')]
 */
export function answersInside(name: string, id = 'answers-inside'): Check {
  return defineCheck({
    id,
    kind: 'answers-inside',
    tries: 'inside',
    says: ['version', 'systemId', 'user'],
    finds: [...NOT_RUNNING, ...SILENT_INSIDE, 'not-the-major-it-says'],
    judge: onRunning(name, async (look, container) => {
      const evidence = insideLine(container, 'select version()');
      const answer = await look.inside(
        container,
        `select current_setting('server_version_num')::int / 10000, split_part(current_setting('server_version'), ' ', 1), (${SYSTEM_ID}), current_setting('listen_addresses'), floor(extract(epoch from pg_postmaster_start_time()))`,
      );
      if (!answer.ok) return silentInside(look, container, { name }, answer.cause, evidence);
      const [major = '', version = '', systemId = '', addresses = '', began = ''] = answer.rows[0] ?? [];
      // A server that is older than this start is another's, whose socket lies here.
      if ((Number(began) + 1) * 1000 < Date.parse(container.startedAt)) {
        const told = { name, short: shortId(container.id), cause: 'ENOENT' };
        return notMet('no-answer-inside', told, evidence);
      }
      const promised = container.env.PG_MAJOR;
      const values = {
        name,
        version,
        systemId,
        major,
        promised: promised ?? '',
        ...loginOf(container.env),
      };
      // The temporary server of the set-up answers inside as well; it listens to nobody else.
      if (addresses === '' && (await isComingUp(look, container))) {
        const told = { ...values, short: shortId(container.id), cause: '' };
        return notMet('still-initialising', told, logsOf(container));
      }
      return promised && promised !== major
        ? notMet('not-the-major-it-says', values, evidence)
        : answeredInside(look, container, values, evidence);
    }),
  });
}

/**
 * Why no password is asked inside: the server's own rules trust the socket and the loopback, and ask everybody
 * else. Read from the server. Says `inside` and `outside`: the methods, such as `trust` and `scram-sha-256`; and the
 * rules they stand in, `insideRule` on line `insideLine` of pg_hba.conf, `outsideRule` on `outsideLine`. `workedOut`:
 * `no` where the server's log names the line that let somebody in over the socket, else `yes`.
 * Finds `trust-outside`, and what `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [trustedInside('quiet')]
 */
export function trustedInside(name: string, id = 'trusted-inside'): Check {
  return defineCheck({
    id,
    kind: 'trusted-inside',
    says: ['inside', 'outside', 'insideLine', 'insideRule', 'outsideLine', 'outsideRule', 'workedOut'],
    finds: [...NOT_RUNNING, ...SILENT_INSIDE, 'trust-outside'],
    judge: onRunning(name, async (look, container) => {
      const evidence = insideLine(container, 'select type, address, auth_method from pg_hba_file_rules');
      const answer = await look.ask(
        container,
        `select (${SOCKET_METHOD}), (${OUTSIDE_METHOD}), (${SOCKET_RULE}), (${OUTSIDE_RULE}), ${LOGS_CONNECTIONS}`,
      );
      const values = { name, short: shortId(container.id) };
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [inside = '', outside = '', cell = '', elsewhere = '', logs = ''] = answer.rows[0] ?? [];
      if (!isTrust(inside)) return notMet('password-inside', { ...values, inside }, evidence);
      if (isTrust(outside)) return notMet('trust-outside', values, evidence);
      const { line, rule, workedOut } = await ruleThatLetIn(look, container, 'socket', { cell, logs });
      const others = ruleIn(elsewhere) ?? { line: '?', rule: '?' };
      const rules = {
        insideLine: line,
        insideRule: rule,
        outsideLine: others.line,
        outsideRule: others.rule,
      };
      return met({ inside, outside, ...rules, workedOut }, evidence);
    }),
  });
}
