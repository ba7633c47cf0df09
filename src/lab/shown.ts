import { randomBytes } from 'node:crypto';
import type { Values } from '../values.ts';
import { fillOpen } from './content.ts';
import type { Command } from './model.ts';

const PASSWORD = '-e POSTGRES_PASSWORD';

/** What is left of pglab's additions where a command is shown: only what the learner should type. */
export const SHOWN_ADDITIONS: Values = { ours: PASSWORD, bare: '', named: PASSWORD, owned: '' };

/** Without it, a command that is typed as shown would be refused. */
export function passwordLine(): string {
  return `export POSTGRES_PASSWORD=${randomBytes(12).toString('hex')}`;
}

/** The command as it is shown before it runs: without labels, open where a value is not known yet. */
export function shownLine(command: Command, values: Values): string {
  return tidied(fillOpen(command.run, { ...values, ...SHOWN_ADDITIONS }));
}

/** Without the gaps that left-out labels leave; inside quotes nothing is touched. */
export function tidied(line: string): string {
  return line.replace(/('[^']*'|"[^"]*")| {2,}/g, (_, quotation?: string) => quotation ?? ' ');
}
