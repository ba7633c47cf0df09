/** Why a command did not end as it should: by its own words, and by whether its engine is still there. */
import { LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
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
 * connection ended, `needed-paused` where a container that it goes to is frozen, `command-endless` where it was ended
 * since it took too long, `command-silent` where nothing says why; else `command-failed`, or `no-space`.
 */
export async function commandTrouble(
  { engine, owner, world }: Pick<RunContext, 'engine' | 'owner' | 'world'>,
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
  const frozen = await pausedIn(world, command);
  if (frozen !== null) return new Trouble('needed-paused', { command, short: frozen });
  if (isLate) return new Trouble('command-endless', { command });
  if (why === '') return new Trouble('command-silent', { command, exitCode });
  return new Trouble('command-failed', { command, exitCode, why });
}

/** The container that a command names, or whose port it goes to, where that one is paused; else null. */
async function pausedIn(world: RunContext['world'], command: string): Promise<string | null> {
  const words = new Set(command.split(/[^\w.-]/));
  const frozen = [...(await world.snapshot()).byName().values()].find(
    ({ id, status, bindings }) =>
      status === 'paused' &&
      (words.has(shortId(id)) || bindings.some(({ hostPort }) => words.has(String(hostPort)))),
  );
  return frozen ? shortId(frozen.id) : null;
}
