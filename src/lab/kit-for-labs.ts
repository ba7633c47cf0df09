/** Gives every lab, wherever its folder is, the kit of this very program as `pglab`. */
import { Console } from 'node:console';
import Module, { register } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { isBuilt, packageRoot } from '../package-root.ts';
import { visible } from '../visible.ts';

type Next = (specifier: string, context: unknown) => object;
interface SinceNode22 {
  registerHooks?(hooks: { resolve(specifier: string, context: unknown, next: Next): object }): void;
}
interface WithResolve {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/** For Nodes without `registerHooks`: Node runs this in a thread of its own, for `import`. */
const HOOK = `let kit;
export const initialize = (url) => { kit = url; };
export const resolve = (specifier, context, next) =>
  next(specifier === 'pglab' ? kit : specifier, context);`;

let isGiven = false;

/** Before a lab from outside is loaded. A copy of pglab that the lab has for its types is not taken. */
export function giveKit(): void {
  if (isGiven) return;
  isGiven = true;
  giveConsole();
  const file = join(packageRoot, isBuilt ? 'dist/src/kit.js' : 'src/kit.ts');
  const url = pathToFileURL(file).href;
  const { registerHooks } = Module as unknown as SinceNode22;
  if (registerHooks) {
    const resolve = (specifier: string, context: unknown, next: Next) =>
      next(specifier === 'pglab' ? url : specifier, context);
    registerHooks({ resolve });
    return;
  }
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: url });
  // `register` leaves `require` alone.
  const loader = Module as unknown as WithResolve;
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = (request, ...rest) =>
    request === 'pglab' ? file : resolveFilename.call(Module, request, ...rest);
}

/** Characters: enough to see what goes on in a check that one writes. */
const MOST_PRINTED = 20_000;

/** What a lab prints by `console` goes to stderr, visible and with an end: stdout has results alone. */
function giveConsole(): void {
  let room = MOST_PRINTED;
  const toStderr = new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _, done) {
      if (room > 0) {
        const shown = String(text).slice(0, room);
        room -= shown.length;
        process.stderr.write(`${visible(shown, { lines: true })}${room > 0 ? '' : '…\n'}`);
      }
      done();
    },
  });
  globalThis.console = new Console(toStderr, toStderr);
}
