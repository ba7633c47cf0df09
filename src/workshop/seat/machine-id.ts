import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';

/**
 * What tells this home on this machine from a copy of it, in 16 hex digits that say nothing else: the same each time a
 * courier starts, until the machine does. Where the system has no id for that, random.
 */
export function machineId(home: string): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256')
      .update(`${boot} ${realpathSync(home)}`)
      .digest('hex')
      .slice(0, 16);
  } catch {
    return randomBytes(8).toString('hex');
  }
}
