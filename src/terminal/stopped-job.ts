/** Ctrl-Z and `fg` where single keys are read: the shell has the terminal meanwhile, and sets it to lines. */
import type { ReadStream } from 'node:tty';

/** In raw mode the terminal sends no signal for it. */
export const CTRL_Z = '\u001a';

/** Stops us and all of our job, as the terminal does where it reads lines. */
export function stopJob(stdin: ReadStream): void {
  stdin.setRawMode(false);
  process.kill(0, 'SIGTSTP');
  // We go on; or nobody could have let us, and the system did not stop us.
  setImmediate(() => stdin.setRawMode(true));
}

/** Reads single keys again after each stop, whoever did it; the returned function ends that. */
export function rawAfterStops(stdin: ReadStream): () => void {
  // It is taken for what it was, and would not be set.
  const again = () => void (stdin.isRaw && stdin.setRawMode(false).setRawMode(true));
  process.on('SIGCONT', again);
  return () => void process.off('SIGCONT', again);
}
