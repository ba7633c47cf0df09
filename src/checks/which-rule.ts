/** Which line of pg_hba.conf a connection met: as the server's log has it, else worked out. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { OUTSIDE_RULE, type Rule, ruleIn, ruleOnLine } from '../postgres/access-rules.ts';
import { keptOutBy, letInBy } from '../postgres/said-in-log.ts';

/** Values of a verdict, for the prose. */
export interface TellsRule {
  /** The number of the line; `?` where no rule is known to fit. */
  line: number | string;
  rule: string;
  /** `yes`: it is the first rule that fits, and the log tells of none. */
  workedOut: 'yes' | 'no';
}

/** Whether a server writes of connections: off, as it is by default, its log tells of nobody who was let in. */
export const LOGS_CONNECTIONS = "current_setting('log_connections')";

/**
 * Which one let somebody in last by this way. `cell`: the first rule that fits, as the server told it; `logs`: what it
 * answered to `LOGS_CONNECTIONS`.
 */
export async function ruleThatLetIn(
  look: Look,
  container: Container,
  way: 'socket' | 'network',
  { cell, logs }: { cell: string; logs: string },
): Promise<TellsRule> {
  const log = /^(off)?$/.test(logs) ? '' : await look.engine.logs(container.id);
  return whichRule(look, container, cell, letInBy(log, way));
}

/** Which one kept somebody from elsewhere out last. */
export async function ruleThatKeptOut(look: Look, container: Container): Promise<TellsRule> {
  const logged = keptOutBy(await look.engine.logs(container.id));
  if (logged !== null) return told(logged, 'no');
  const answer = await look.ask(container, `select (${OUTSIDE_RULE})`);
  return told(ruleIn((answer.ok && answer.rows[0]?.[0]) || ''), 'yes');
}

/**
 * `cell`: the first rule that fits, as the server told it. `logged`: the line that the log names; null where it names
 * none.
 */
async function whichRule(
  look: Look,
  container: Container,
  cell: string,
  logged: number | null,
): Promise<TellsRule> {
  const fitting = ruleIn(cell);
  if (logged === null) return told(fitting, 'yes');
  if (logged === fitting?.line) return told(fitting, 'no');
  const answer = await look.ask(container, ruleOnLine(logged));
  const there = ruleIn((answer.ok && answer.rows[0]?.[0]) || '');
  return told({ line: logged, rule: there?.rule ?? '?' }, 'no');
}

function told(rule: Rule | null, workedOut: TellsRule['workedOut']): TellsRule {
  return { ...(rule ?? { line: '?', rule: '?' }), workedOut };
}
