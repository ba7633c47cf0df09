import { readFileSync } from 'node:fs';
import { messageOf, Trouble } from '../../trouble.ts';
import type { Desk } from '../desk.ts';

/** PGLAB_STORE_PASSWORD, the file that PGLAB_STORE_PASSWORD_FILE names, or PGPASSWORD; never argv, which all can read. */
export function storePassword({ settings }: Desk): string | null {
  const { PGLAB_STORE_PASSWORD: own, PGLAB_STORE_PASSWORD_FILE: file } = process.env;
  if (own) return own;
  if (!file) return settings.password;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Trouble('workshop-store', { why: messageOf(cause) }, { cause });
  }
}
