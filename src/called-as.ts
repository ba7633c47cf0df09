/** How pglab is called where it runs: what advice says must work when pasted, and ask no registry for our name. */
import { sep } from 'node:path';
import { packageRoot } from './package-root.ts';

const VERB =
  /(?<![\w./-]|npx )pglab(?= (?:next|run|check|list|show|hint|reset|skip|doctor|engine|image|lab|map|page|report|workshop|completion)\b|`)/g;

/** `pglab`, or what npx needs to find this one: in the checkout its name, elsewhere that nothing is fetched. */
export function calledAs(env: NodeJS.ProcessEnv, folder: string, root: string): string {
  if (env.npm_command !== 'exec') return 'pglab';
  const isInstalled = root.split(sep).includes('node_modules');
  const isInCheckout = !isInstalled && (folder === root || folder.startsWith(root + sep));
  return isInCheckout ? 'npx pglab' : 'npx --no-install pglab';
}

const NAME = calledAs(process.env, process.cwd(), packageRoot);

/** A text with its calls of pglab as they work here. */
export function asCalled(text: string, name = NAME): string {
  return name === 'pglab' ? text : text.replace(VERB, name);
}
