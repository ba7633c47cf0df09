/** Values as a learner is told them: names of a lab and codes of a program have words beside them, or in their place. */
import { asCalled } from '../called-as.ts';
import type { MessageKey } from '../content-keys.ts';
import type { Values } from '../values.ts';
import { type Roles, roleInWords } from './roles.ts';

type Say = (key: MessageKey, values?: Values) => string;

/** Why no answer came: by the codes of the system, of a server, and of pglab's own client. */
const CAUSES: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['28P01', 'cause-password'],
  ['28000', 'cause-not-let-in'],
  ['3D000', 'cause-no-database'],
  ['53300', 'cause-too-many'],
  ['57P01', 'cause-ended'],
  ['57P02', 'cause-ended'],
  ['57P03', 'cause-starting'],
  ['ECONNREFUSED', 'cause-refused'],
  ['ECONNRESET', 'cause-reset'],
  ['ENOENT', 'cause-no-file'],
  ['ETIMEDOUT', 'cause-timeout'],
  ['EHOSTUNREACH', 'cause-unreachable'],
  ['ENETUNREACH', 'cause-unreachable'],
  ['ENOTFOUND', 'cause-no-such-host'],
  ['EAI_AGAIN', 'cause-no-such-host'],
  ['timeout', 'cause-timeout'],
  ['closed', 'cause-closed'],
  ['failed', 'cause-failed'],
  ['too-much', 'cause-too-much'],
  ['other-protocol', 'cause-other-protocol'],
  ['no-password', 'cause-no-password'],
  ['no-address', 'cause-no-address'],
  ['asked-for-cleartext', 'cause-in-clear'],
  ['asked-for-md5', 'cause-md5'],
]);

/** What a reason in our own words goes by, in content/messages.*.md. */
const OWN_REASON = /^why-[a-z-]{1,40}$/;

/**
 * `role` stands beside `name`; a cause has its words, a code of others with them in brackets; where the system hides who
 * it is (`?`), that is somebody else; pglab is called as it is here.
 */
export function toldValues(values: Values, roles: Roles, say: Say): Values {
  const told: Values = { ...values };
  for (const [key, value] of Object.entries(values)) {
    const words = toldValue(key, value, values, say);
    if (words !== value) told[key] = words;
  }
  const { name } = values;
  if (name === undefined) return told;
  const role = roles.get(String(name));
  told.role = role ? roleInWords(role, say) : name;
  return told;
}

function toldValue(key: string, value: string | number, beside: Values, say: Say): string | number {
  const last = key.slice(key.lastIndexOf('.') + 1);
  if (value === '?' && /^(who|holder|error)$/.test(last)) return say('somebody');
  if (last === 'command' && String(value).startsWith('pglab ')) return asCalled(String(value));
  // A reason of our own is told by the key of its words.
  if (last === 'why' && OWN_REASON.test(String(value))) return say(value as MessageKey, beside) || value;
  const cause = last === 'cause' || last === 'error' ? CAUSES.get(String(value)) : undefined;
  return cause === undefined ? value : say(cause, { code: value });
}
