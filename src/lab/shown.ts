import { randomBytes } from 'node:crypto';
import type { Values } from '../values.ts';
import type { Command } from './model.ts';
import type { Service } from './service.ts';
import { type Added, filledOpen, templateOf } from './template.ts';

/** What is left of pglab's additions where a command is shown: only what the learner should type. */
export function shownAdditions(service?: Service): Added {
  const password = service ? ['-e', service.container.settings.password] : [];
  return { ours: password, bare: [], named: password, owned: [] };
}

/**
 * The line that gives a password to the commands typed after it: without it, those that take one from the
 * environment would be refused. Null where no command does. It is made up anew each time, and a shell that has one
 * keeps that: pasted twice, the line gives one password all the same.
 */
export function passwordLine(commands: readonly Command[], service?: Service): string | null {
  if (!service || !commands.some(wantsPassword)) return null;
  const { password } = service.container.settings;
  return `export ${password}="\${${password}:-${randomBytes(12).toString('hex')}}"`;
}

/** As `passwordLine`, for a page, which is to hold no password: the learner's own shell makes it up. */
export function ownPasswordLine(commands: readonly Command[], service?: Service): string | null {
  if (!service || !commands.some(wantsPassword)) return null;
  const { password } = service.container.settings;
  return `export ${password}="\${${password}:-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \\n')}"`;
}

function wantsPassword({ run }: Command): boolean {
  const { names } = templateOf(run);
  return names.has('ours') || names.has('named');
}

/**
 * The command as it is shown before it runs: without labels, `words` or … where a value is not known yet. `typed`: to a
 * person at a terminal, where some are other ones.
 */
export function shownLine(
  command: Command,
  values: Values,
  service?: Service,
  { typed = false, words = {} }: { typed?: boolean; words?: Values } = {},
): string {
  const template = templateOf((typed && command.terminal) || command.run);
  const line = filledOpen(template, values, shownAdditions(service), words);
  const { passwordOf } = command;
  if (!service) return line;
  if (passwordOf === undefined) return withShellsPassword(line, command, service);
  return withPassword(
    line,
    service.container.passwordLine(String({ ...words, ...values }[`${passwordOf}.short`] ?? '…')),
    service,
  );
}

/**
 * As it is typed in a shell that has the first password: with another one for a container that is to get one, and with
 * that first one for a client that is to show it. pglab gives both by the environment.
 */
export function withShellsPassword(
  line: string,
  { anotherPassword, firstPasswordOf }: Pick<Command, 'anotherPassword' | 'firstPasswordOf'>,
  { client, container }: Service,
): string {
  const { password } = container.settings;
  if (anotherPassword) return `${password}="another-$${password}" ${line}`;
  return firstPasswordOf === undefined ? line : `${client.passwordName}="$${password}" ${line}`;
}

/** A client's line with the password in its environment, as it is pasted: `reads` is the line that prints it. */
export function withPassword(line: string, reads: string, { client }: Service): string {
  return `${client.passwordName}="$(${reads})" ${line}`;
}
