/** argv → verb: the table of verbs as commander reads it, and its refusals as ours. */
import { Command, CommanderError, Option } from 'commander';
import type { MessageKey, TroubleKey } from '../content-keys.ts';
import type { Content } from '../lab/content.ts';
import { packageVersion } from '../package-root.ts';
import { Usage } from '../trouble.ts';
import { misspelt, openDesk } from './desk.ts';
import { type Inherited, type Options, settingsFrom } from './settings.ts';
import { COMMON_OPTIONS, type OwnOptions, PGLAB, type Verb } from './verbs.ts';

/** Runs the verb that the words name, and returns its exit code; 0 for help and version. */
export async function called(argv: readonly string[], content: Content, inherited: Inherited) {
  let exitCode = 0;
  const act = async (verb: Verb, command: Command) => {
    if (!verb.call || (verb.verbs && command.args.length > 0)) throw unknownVerb(verb, command.args[0]);
    const options = optionsOf(command);
    const desk = openDesk(settingsFrom(options, process.env, inherited), {
      verb: verb.name,
      judges: verb.judges === true,
    });
    exitCode = await verb.call(desk, command.args, options);
  };
  try {
    await program(argv, content, act).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const usage = usageOf(error);
    if (usage) throw usage;
  }
  return exitCode;
}

type Act = (verb: Verb, command: Command) => Promise<void>;

function program(argv: readonly string[], content: Content, act: Act): Command {
  const key = (about: MessageKey) => about;
  // The texts are read when help is shown: one that is missing there, by its key alone, keeps no verb from running.
  const say = (about: string) => content.find('messages', about) ?? about;
  const help = {
    commandDescription: (command: Command) => say(command.description()),
    subcommandDescription: (command: Command) => say(command.description()),
    optionDescription: (option: Option) => say(option.description),
  };
  return commandOf(PGLAB).version(packageVersion(), '-V, --version', key('option-version'));

  /** Of a verb that is not in argv only its line in the help can be asked for; all options of all take 3 ms. */
  function commandOf(verb: Verb): Command {
    const isMeant = verb === PGLAB || argv.includes(verb.name);
    const command = new Command(verb.name)
      .description(verb.about)
      .configureHelp(help)
      .helpOption('-h, --help', key('option-help'))
      .helpCommand(false)
      .exitOverride()
      .configureOutput({ writeErr: () => {}, outputError: () => {} })
      .allowExcessArguments(verb.verbs !== undefined)
      .action(() => act(verb, command));
    if (verb.words) command.arguments(verb.words);
    const options = Object.entries({ ...COMMON_OPTIONS, ...verb.options });
    for (const [flags, about] of isMeant ? options : options.slice(0, 1))
      command.addOption(new Option(flags, about));
    for (const each of isMeant ? (verb.verbs ?? []) : []) command.addCommand(commandOf(each));
    return command;
  }
}

/** Options may stand before or after the verb; the nearer one wins. */
function optionsOf(command: Command): Options & OwnOptions {
  const chain: Command[] = [];
  for (let each: Command | null = command; each; each = each.parent) chain.unshift(each);
  const given = chain.map((each) => each.opts<Options & OwnOptions>());
  return Object.assign({}, ...given, { color: given.every(({ color }) => color !== false) });
}

function unknownVerb({ verbs = [] }: Verb, word: string | undefined): Usage {
  const known = verbs.map(({ name }) => name);
  return word === undefined
    ? new Usage('no-verb', { verbs: known.join(', ') })
    : misspelt('unknown-verb', word, known);
}

/** commander's refusals in the learner's language; null where it only printed help. */
function usageOf(error: CommanderError): Usage | null {
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
