/** How far a server has come, and whom its rules sent away, by what its log says since its container was last started. */
import type { LogStage, TurnedAway } from '../lab/service.ts';
import { hasBegunSetUp } from './setup-log.ts';

/** Only a server that is there for others says so: the temporary one of a set-up listens on no address. */
const LISTENING = 'listening on IPv';
/** A standby takes connections for reading alone; up to 13 that is said without a dash. */
const READY = /database system is ready to accept (?:read[- ]only )?connections/;
const SHUT_DOWN = 'database system is shut down';
const ENDING = /received (?:fast|smart|immediate) shutdown request|database system is shut down/;

/** Null: it has said nothing yet, or says it elsewhere. */
export function stageIn(log: string): LogStage | null {
  const listening = log.lastIndexOf(LISTENING);
  if (listening >= 0) {
    const since = log.slice(listening);
    if (ENDING.test(since)) return 'ending';
    return READY.test(since) ? 'ready' : 'starting';
  }
  if (!hasBegunSetUp(log)) return log === '' ? null : 'starting';
  return READY.test(log) && !log.includes(SHUT_DOWN) ? 'temporary' : 'setting-up';
}

/** A name of 63 bytes at most is all that the server takes. */
const WRONG_PASSWORD = /FATAL: {2}password authentication failed for user "([^"]{1,63})"/;
const NO_ENTRY =
  /FATAL: {2}(?:no pg_hba\.conf entry|pg_hba\.conf rejects connection) for host "[^"]{1,60}", user "([^"]{1,63})"/;
/** In the detail of a refusal; the file is named from 16 on. */
const MATCHED = /Connection matched (?:file "[^"]{1,300}"|pg_hba\.conf) line (\d{1,6})\b/;
/** The detail follows its line, in the same or in the next ones. */
const DETAIL_WITHIN = 4;

/** Who was sent away last at the server's rules, by which line of them; null: nobody. */
export function turnedAwayIn(log: string): TurnedAway | null {
  const lines = log.split('\n');
  const at = lines.findLastIndex((line) => WRONG_PASSWORD.test(line) || NO_ENTRY.test(line));
  const said = lines[at];
  if (said === undefined) return null;
  const wrong = WRONG_PASSWORD.exec(said)?.[1];
  const user = wrong ?? NO_ENTRY.exec(said)?.[1] ?? '';
  const line = MATCHED.exec(lines.slice(at, at + DETAIL_WITHIN).join('\n'))?.[1];
  return {
    user,
    cause: wrong === undefined ? '28000' : '28P01',
    line: line === undefined ? null : Number(line),
  };
}
