import { randomBytes } from 'node:crypto';
import type { Values } from '../values.ts';
import type { Command } from './model.ts';
import { type Added, filledOpen, templateOf } from './template.ts';

const PASSWORD = ['-e', 'POSTGRES_PASSWORD'];

/** What is left of pglab's additions where a command is shown: only what the learner should type. */
export const SHOWN_ADDITIONS: Added = { ours: PASSWORD, bare: [], named: PASSWORD, owned: [] };

/** Without it, a command that is typed as shown would be refused. */
export function passwordLine(): string {
  return `export POSTGRES_PASSWORD=${randomBytes(12).toString('hex')}`;
}

/** The command as it is shown before it runs: without labels, open where a value is not known yet. */
export function shownLine(command: Command, values: Values): string {
  return filledOpen(templateOf(command.run), values, SHOWN_ADDITIONS);
}

/** Whether one of them is shown with a password from the environment. */
export function wantPassword(commands: readonly Command[]): boolean {
  return commands.some(({ run }) => {
    const { names } = templateOf(run);
    return names.has('ours') || names.has('named');
  });
}
