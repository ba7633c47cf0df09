import { type Ran, run } from '../shell.ts';
import { Trouble } from '../trouble.ts';

/** Trouble `client-endless` or `client-fails` where it does not come to a good end. */
export async function askedProgram(command: readonly [string, ...string[]], env = {}): Promise<Ran> {
  const ran = await run(command, { env });
  if (ran.isLate) throw new Trouble('client-endless', { command: command.join(' ') });
  if (ran.exitCode !== 0)
    throw new Trouble('client-fails', { program: command[0], why: lastLine(ran.output) });
  return ran;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
