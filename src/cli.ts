#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { type Desk, misspelt, openDesk } from './commands/desk.ts';
import { isOn, languageFrom, type Options, settingsFrom } from './commands/settings.ts';
import { codeIfUnread, endUnread, listenForInterrupts } from './commands/signals.ts';
/** argv → command. The only catch-all, and the only place that sets the exit code. */
import type { MessageKey, TroubleKey } from './content-keys.ts';
import { Content } from './lab/content.ts';
import { labFolders } from './lab/find.ts';
import { packageVersion } from './package-root.ts';
import { type Format, formatOf, isForMachines } from './report/formats.ts';
import { Cancelled, Trouble, Usage } from './trouble.ts';

type VerbText = MessageKey extends infer Key ? (Key extends `verb-${infer Text}` ? Text : never) : never;

/** The verbs that have outcomes to give, judged or recorded. */
const JUDGING = ['next', 'run', 'check', 'list'];
const EXIT = { usage: 64, bug: 70, trouble: 2, cancelled: 130 } as const;

// What a shell happens to have set must not bend any psql or pg call of ours.
const inherited = { password: process.env.PGPASSWORD };
for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
process.env.PGPASSFILE = '/nonexistent/pgpass';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A pipe that was closed, a terminal that is gone: that is no error. A full disk is one.
    const isClosed = error.code === 'EPIPE' || error.code === 'EIO';
    if (!isClosed && codeIfUnread() === null)
      sayTrouble(new Trouble('output-failed', { why: error.message }));
    endUnread(isClosed ? 0 : EXIT.trouble);
  });
}
listenForInterrupts(() => process.exit(EXIT.cancelled));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, async (error) => process.exit(await reported(error)));
}

const argv = process.argv.slice(2);
const content = new Content(languageOf(argv), '');
let exitCode = 0;
try {
  await program().parseAsync(argv, { from: 'user' });
} catch (error) {
  exitCode = await reported(error);
}
// A pipe may still hold back what was written to it.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(exitCode);

function program(): Command {
  const top = common(new Command('pglab'))
    .description(say('about'))
    .version(packageVersion(), '-V, --version', say('option-version'))
    .helpOption('-h, --help', say('option-help'))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .allowExcessArguments(true)
    .action(async (_: Options, command: Command) => {
      const [verb] = command.args;
      if (verb !== undefined) throw unknownVerb(verb, top);
      const { where } = await import('./commands/where.ts');
      exitCode = await where(deskFor(command));
    });
  verb(top, 'next')
    .option('--by-hand', say('option-by-hand'))
    .option('--no-by-hand', say('option-no-by-hand'))
    .action(async (_: Options, command: Command) => {
      const { next } = await import('./commands/next.ts');
      const { byHand = isOn(process.env.PGLAB_BY_HAND) } = optionsOf<{ byHand?: boolean }>(command);
      exitCode = await next(deskFor(command), { byHand });
    });
  verb(top, 'run', '[step...]')
    .option('--all', say('option-all'))
    .action(async (steps: string[], _: Options, command: Command) => {
      const { run } = await import('./commands/run.ts');
      const { all = false } = optionsOf<{ all?: boolean }>(command);
      exitCode = await run(deskFor(command), steps, { all });
    });
  verb(top, 'check', '[step...]')
    .option('--all', say('option-all'))
    .option('--watch', say('option-watch'))
    .action(async (steps: string[], _: Options, command: Command) => {
      const { check } = await import('./commands/check.ts');
      const { all = false, watch = false } = optionsOf<{ all?: boolean; watch?: boolean }>(command);
      exitCode = await check(deskFor(command), steps, { all, watch });
    });
  verb(top, 'list')
    .option('--all-runs', say('option-all-runs'))
    .action(async (_: Options, command: Command) => {
      const { list } = await import('./commands/list.ts');
      const { allRuns = false } = optionsOf<{ allRuns?: boolean }>(command);
      exitCode = await list(deskFor(command), { allRuns });
    });
  verb(top, 'show', '[step]').action(async (step: string | undefined, _: Options, command: Command) => {
    const { show } = await import('./commands/show.ts');
    exitCode = await show(deskFor(command), step);
  });
  verb(top, 'hint', '[step]').action(async (step: string | undefined, _: Options, command: Command) => {
    const { hint } = await import('./commands/hint.ts');
    exitCode = await hint(deskFor(command), step);
  });
  verb(top, 'reset', '[step...]')
    .option('--dry-run', say('option-dry-run'))
    .option('--all-runs', say('option-reset-all-runs'))
    .option('--adopted', say('option-adopted'))
    .option('--home <id>', say('option-home'))
    .action(async (steps: string[], _: Options, command: Command) => {
      const { reset } = await import('./commands/reset.ts');
      const options = { dryRun: false, allRuns: false, adopted: false, home: null };
      exitCode = await reset(deskFor(command), steps, { ...options, ...optionsOf(command) });
    });
  verb(top, 'doctor').action(async (_: Options, command: Command) => {
    const { doctor } = await import('./commands/doctor.ts');
    exitCode = await doctor(deskFor(command));
  });
  engineVerbs(top);
  imageVerbs(top);
  labVerbs(top);
  return top;
}

function engineVerbs(top: Command): void {
  const group = verb(top, 'engine').action((_: Options, command: Command) => {
    throw unknownVerb(command.args[0] ?? '', group);
  });
  for (const name of ['up', 'down', 'status', 'env'] as const) {
    verb(group, name, '', `engine-${name}`).action(async (_: Options, command: Command) => {
      const { engine } = await import('./commands/engine.ts');
      exitCode = await engine(deskFor(command), name);
    });
  }
}

function imageVerbs(top: Command): void {
  const group = verb(top, 'image').action((_: Options, command: Command) => {
    throw unknownVerb(command.args[0] ?? '', group);
  });
  for (const name of ['status', 'pull', 'load', 'save', 'build'] as const) {
    const takesFile = name === 'load' || name === 'save';
    const command = verb(group, name, takesFile ? '[file]' : '', `image-${name}`);
    if (name === 'build') command.option('--major <n>', say('option-major'));
    command.action(async () => {
      const { image } = await import('./commands/image.ts');
      const options = optionsOf<{ major?: string }>(command);
      const [file] = command.args;
      exitCode = await image(deskFor(command), name, {
        ...(takesFile && file !== undefined ? { file } : {}),
        ...(options.major === undefined ? {} : { major: options.major }),
      });
    });
  }
}

function labVerbs(top: Command): void {
  const group = verb(top, 'lab').action((_: Options, command: Command) => {
    throw unknownVerb(command.args[0] ?? '', group);
  });
  for (const name of ['list', 'check', 'new'] as const) {
    const command = verb(group, name, name === 'list' ? '' : '[path]', `lab-${name}`);
    command.action(async () => {
      const { lab } = await import('./commands/lab.ts');
      exitCode = await lab(deskFor(command), name, command.args[0]);
    });
  }
}

function verb(parent: Command, name: string, args = '', text = name): Command {
  const command = common(parent.command(args ? `${name} ${args}` : name));
  const isGroup = name === 'engine' || name === 'image' || name === 'lab';
  return command
    .description(say(`verb-${text as VerbText}`))
    .helpOption('-h, --help', say('option-help'))
    .helpCommand(false)
    .allowExcessArguments(isGroup);
}

/** The options that every verb takes. */
function common(command: Command): Command {
  const options = {
    '-y, --yes': 'option-yes',
    '--format <format>': 'option-format',
    '--lang <lang>': 'option-lang',
    '--image <ref>': 'option-image',
    '--mirror <ref>': 'option-mirror',
    '--host <url>': 'option-host',
    '--port <n>': 'option-port',
    '--run <id>': 'option-run',
    '--lab <lab>': 'option-lab',
    '--no-color': 'option-no-color',
  } as const;
  for (const [flags, key] of Object.entries(options)) command.addOption(new Option(flags, say(key)));
  return command;
}

/** Options may stand before or after the verb; the nearer one wins. */
function optionsOf<T extends object = object>(command: Command): Options & T {
  const chain: Command[] = [];
  for (let each: Command | null = command; each; each = each.parent) chain.unshift(each);
  const given = chain.map((each) => each.opts<Options & T>());
  return Object.assign({}, ...given, { color: given.every(({ color }) => color !== false) });
}

function deskFor(command: Command): Desk {
  const verb = command.name();
  return openDesk(settingsFrom(optionsOf(command), process.env, inherited), {
    verb,
    judges: JUDGING.includes(verb),
  });
}

function unknownVerb(name: string, parent: Command): Usage {
  const verbs = parent.commands.map((command) => command.name());
  return name === ''
    ? new Usage('no-verb', { verbs: verbs.join(', ') })
    : misspelt('unknown-verb', name, verbs);
}

function say(key: MessageKey): string {
  return content.say('messages', key);
}

/** Prints what went wrong, once, and returns the exit code for it. */
async function reported(error: unknown): Promise<number> {
  const known = error instanceof CommanderError ? fromCommander(error) : error;
  if (known === null) return 0;
  const unread = codeIfUnread();
  if (known instanceof Cancelled && unread !== null) return unread;
  const format = machineFormatOf(argv);
  if (format) await printForMachines(known, format);
  if (known instanceof Cancelled) {
    process.stderr.write(`\n${say('cancelled')}\n`);
    return EXIT.cancelled;
  }
  const code = known instanceof Usage ? EXIT.usage : known instanceof Trouble ? EXIT.trouble : EXIT.bug;
  if (known instanceof Trouble) {
    sayTrouble(known);
  } else {
    const stack = known instanceof Error ? known.stack : String(known);
    process.stderr.write(`${say('bug')}\n${stack}\n${say('bug-fix')}\n`);
  }
  return code;
}

function sayTrouble({ code, values }: Trouble): void {
  const text = (field: 'message' | 'fix') => content.say('troubles', code, values, field);
  process.stderr.write(`${text('message')}\n→ ${text('fix')}\n`);
}

async function printForMachines(error: unknown, format: Format): Promise<void> {
  const [{ emptyResult, troubleOf }, { formatted }] = await Promise.all([
    import('./report/result.ts'),
    import('./report/formats.ts'),
  ]);
  const gathered = (error as { result?: ReturnType<typeof emptyResult> }).result;
  const result = gathered ?? { ...emptyResult(labName(), null), outcome: 'unknown' as const };
  process.stdout.write(`${formatted(format, { ...result, trouble: troubleOf(error, content) })}\n`);
}

/** commander's refusals as ours, in the learner's language; null where it only printed help. */
function fromCommander(error: CommanderError): Usage | null {
  if (/^commander\.(help|helpDisplayed|version)$/.test(error.code)) return null;
  const what = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const codes: Readonly<Record<string, TroubleKey>> = {
    'commander.unknownOption': 'unknown-option',
    'commander.optionMissingArgument': 'option-needs-value',
    'commander.excessArguments': 'too-many-words',
  };
  const code = codes[error.code];
  return code ? new Usage(code, { what }) : new Usage('bad-usage', { what: error.message });
}

/** Also where nothing else could be opened. */
function labName(): string {
  try {
    return labFolders(labAsked() ?? null).id;
  } catch {
    return labAsked() ?? 'pglab';
  }
}

function labAsked(): string | undefined {
  return optionIn(argv, '--lab') ?? (process.env.PGLAB_LAB || undefined);
}

function machineFormatOf(args: readonly string[]): Format | null {
  const asked = optionIn(args, '--format') ?? (process.env.PGLAB_FORMAT || undefined);
  const format = formatOf(asked ?? 'text');
  return format && isForMachines(format) ? format : null;
}

/** Before any parsing: a wrong option must be refused in the learner's language, too. */
function languageOf(args: readonly string[]) {
  try {
    return languageFrom(optionIn(args, '--lang') ?? (process.env.PGLAB_LANG || undefined), process.env);
  } catch {
    return languageFrom(undefined, process.env);
  }
}

function optionIn(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const word = args[at] as string;
  return word.includes('=') ? word.slice(name.length + 1) : args[at + 1];
}
