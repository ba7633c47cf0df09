/**
 * INT, TERM and HUP. A verb that has something to end takes them with `onInterrupt`; where none does, or
 * Ctrl-C is pressed a second time, the program ends at once; and in the end it does however it hangs.
 */
import { isInstalling } from '../service-policy.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Interrupt = (typeof SIGNALS)[number];

/** Returns true where the signal was not meant for us. */
type Handler = (signal: Interrupt) => boolean;

let handler: Handler | null = null;
let asked = 0;

/** To end in order takes as long as Postgres takes to stop; what hears nothing by then never will. */
const IN_ORDER_WITHIN_MS = 20_000;

let unreadCode: number | null = null;

let isFinishing = false;

/** Keeps a closed pipe from ending the program: what has begun is finished. The returned function stops that. */
export function finishUnread(): () => void {
  isFinishing = true;
  return () => {
    isFinishing = false;
  };
}

/** Nobody can read the output any more: a verb that has something to end does so; else the program ends at once. */
export function endUnread(exitCode: number): void {
  if (unreadCode !== null) return;
  unreadCode = exitCode;
  if (isFinishing) return;
  if (handler?.('SIGHUP') === false) exitInTheEnd(() => process.exit(exitCode));
  else process.exit(exitCode);
}

/** The exit code of a program that ends because nobody can read its output; null where that is not so. */
export function codeIfUnread(): number | null {
  return unreadCode;
}

/** Exits in any case after a while, but lets packages that are being installed come to their end. */
function exitInTheEnd(exit: () => void): void {
  const look = () => (isInstalling() ? exitInTheEnd(exit) : exit());
  setTimeout(look, IN_ORDER_WITHIN_MS).unref();
}

/** Called once, at the start. Calls `exit` at a signal that no verb takes, or takes too long to end by. */
export function listenForInterrupts(exit: () => void): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (handler?.(signal)) return;
      // A terminal that is closed may say so twice; who presses Ctrl-C again has waited long enough.
      if (signal === 'SIGINT') asked += 1;
      if (!handler || asked > 1) exit();
      else exitInTheEnd(exit);
    });
  }
}

/** Calls `end` at each signal from now on; the returned function stops that. */
export function onInterrupt(end: Handler): () => void {
  handler = end;
  return () => {
    if (handler === end) handler = null;
  };
}
