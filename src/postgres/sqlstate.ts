/** What the codes of a failed answer say of the server. */
import type { Refusal } from '../lab/service.ts';

export function refusalOf(cause: string): Refusal | null {
  if (/^42[0-9A-Z]{3}$/.test(cause)) return 'question';
  if (cause === '28P01') return 'password';
  // Who you are, which database, too many already, or a password in a way that we do not give it.
  return /^((28|3D|53)[0-9A-Z]{3}|no-password|asked-for-(cleartext|md5))$/.test(cause) ? 'entry' : null;
}
