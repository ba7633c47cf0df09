/** How pglab is called where it runs: what advice says must work when pasted, and ask no registry for our name. */
import { sep } from 'node:path';
import { shellWord } from './grammar.ts';
import { packageRoot } from './package-root.ts';

/**
 * The word `pglab` where it is a call. Caught: a verb that is about a lab, or the backquote after a call without a
 * verb.
 */
const CALL =
  /(?<![\w./-]|npx )pglab(?= (next|run|check|list|show|hint|reset|skip|map|page|report)\b| (?:doctor|engine|image|lab|workshop|completion)\b|(`))/g;

/** `pglab`, or what npx needs to find this one: in the checkout its name, elsewhere that nothing is fetched. */
export function calledAs(env: NodeJS.ProcessEnv, folder: string, root: string): string {
  if (env.npm_command !== 'exec') return 'pglab';
  const isInstalled = root.split(sep).includes('node_modules');
  const isInCheckout = !isInstalled && (folder === root || folder.startsWith(root + sep));
  return isInCheckout ? 'npx pglab' : 'npx --no-install pglab';
}

/** The last value of an option on a command line, before any parsing: `--lab ./mine` or `--lab=./mine`; null: none. */
export function valueOnLine(argv: readonly string[], option: string): string | null {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const at = own.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  const word = own[at];
  if (word === undefined) return null;
  return (word === option ? own[at + 1] : word.slice(option.length + 1)) ?? null;
}

/** The lab that `--lab` names on this command line, as it would be typed again; null where it does not. */
export function labNamed(argv: readonly string[]): string | null {
  const lab = valueOnLine(argv, '--lab');
  return lab === null ? null : shellWord(lab);
}

const NAME = calledAs(process.env, process.cwd(), packageRoot);
const LAB = labNamed(process.argv.slice(2));

/** A text with its calls of pglab as they work here. A lab that was named is named again: no home remembers it. */
export function asCalled(text: string, name = NAME, lab = LAB): string {
  if (name === 'pglab' && lab === null) return text;
  return text.replace(CALL, (_, verb?: string, alone?: string) =>
    lab === null || (verb ?? alone) === undefined ? name : `${name} --lab ${lab}`,
  );
}
