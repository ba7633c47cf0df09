/** Why a command did not end as it should: by its own words, and by whether its engine is still there. */
import { LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import type { RunContext } from '../ground/context.ts';

/** So the Docker CLI says that the connection to its engine ended under it. */
const LOST = /Cannot connect to (?:the Docker daemon|Podman)|error during connect/i;
/**
 * So it says it of a call that was under way, in a line of its own, which may begin with the socket; a pull has such words
 * for its registry.
 */
const CUT_OFF =
  /^(?:(?:docker|error|(?:read|write) (?:unix|tcp))\b[^\n]{0,400})?(?:unexpected EOF|connection reset|broken pipe)/im;
const PULLS = /^(?:Unable to find image|[^\n]{0,200}: Pulling from )/m;

/** Of many lines that it printed, those that are told. */
const TOLD_LINES = 4;

/** What a command that failed has said, as far as trouble tells of it. */
interface Failed {
  /** As it was shown to the learner. */
  command: string;
  exitCode: number;
  output: string;
  isLate: boolean;
}

/**
 * `engine-unreachable` and its like where the engine is gone, `engine-broke-off` where it came back or only the
 * connection ended, `command-endless` where it was ended since it took too long, `command-silent` where nothing says
 * why; else `command-failed`, or `no-space`.
 */
export async function commandTrouble(
  { engine, owner }: Pick<RunContext, 'engine' | 'owner'>,
  { command, exitCode, output, isLate }: Failed,
): Promise<Trouble> {
  const why = output.trim().split('\n').slice(-TOLD_LINES).join('\n');
  if (/no space left/i.test(why)) return new Trouble('no-space', { ref: `\`${command}\``, why });
  const isLost = LOST.test(why) || (CUT_OFF.test(why) && !PULLS.test(output));
  if (why === '' || isLost || isLate) {
    // Whether it is still there, it is asked; where not, that is the trouble.
    const gone = await engine.volumes({ [LABEL.run]: owner.run }).then(
      () => null,
      (error: unknown) => error,
    );
    if (gone instanceof Trouble) return gone;
  }
  if (isLost) return new Trouble('engine-broke-off', { command, exitCode });
  if (isLate) return new Trouble('command-endless', { command });
  if (why === '') return new Trouble('command-silent', { command, exitCode });
  return new Trouble('command-failed', { command, exitCode, why });
}
