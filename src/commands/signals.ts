/**
 * INT, TERM and HUP. A verb that has something to end takes them with `onInterrupt`; where none does, or
 * Ctrl-C is pressed a second time, the program ends at once.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Interrupt = (typeof SIGNALS)[number];

/** Returns true where the signal was not meant for us. */
type Handler = (signal: Interrupt) => boolean;

let handler: Handler | null = null;
let asked = 0;

let isUnread = false;

/** Nobody reads any more: whoever has something to end does so; true where somebody has. */
export function endInOrder(): boolean {
  isUnread = true;
  return handler?.('SIGHUP') === false;
}

/** Whether it ends because nobody reads it: that is no error, and nobody is told. */
export function endsUnread(): boolean {
  return isUnread;
}

/** Once, at the start. `exit` is called where nobody, or nobody quickly enough, ends in order. */
export function listenForInterrupts(exit: () => void): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (handler?.(signal)) return;
      // A terminal that is closed may say so twice; who presses Ctrl-C again has waited long enough.
      if (signal === 'SIGINT') asked += 1;
      if (!handler || asked > 1) exit();
    });
  }
}

/** From now on `end` is told; the returned function stops that. */
export function onInterrupt(end: Handler): () => void {
  handler = end;
  return () => {
    if (handler === end) handler = null;
  };
}
