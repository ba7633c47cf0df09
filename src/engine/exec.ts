/** A program run inside a container, within bounds, and telling its events from those of others. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { spokenIn } from './frames.ts';
import { idOf } from './normalise.ts';
import type { ExecResult } from './said.ts';
import type { EngineEvent } from './types.ts';

/** Characters of both outputs together. */
const MOST_OUTPUT = 1_000_000;
/** A query may take 20 s, and thirty first starts at once slow a machine down. */
const WITHIN_MS = 60_000;
/** As `timeout` says that a program did not end in time. */
const NOT_ENDED = 124;
/** In the environment of each exec, so that it can be found again and ended: the API has no call for that. */
const MARK = 'PGLAB_EXEC';
/** Ends all whose environment has this mark; the shell that does it has it among its arguments only. */
const END_MARKED =
  'cd /proc && for each in [0-9]*; do if grep -qs "$0" "$each/environ"; then kill -9 "$each"; fi; done';

/** `own` collects the exec's id: a watch must not be woken by the questions that it asks. */
export async function exec(
  docker: Docker,
  id: string,
  command: readonly string[],
  env: Record<string, string>,
  own: Set<string>,
  { most = MOST_OUTPUT, withinMs = WITHIN_MS } = {},
): Promise<ExecResult> {
  const mark = randomBytes(8).toString('hex');
  const created = await docker.getContainer(id).exec({
    Cmd: [...command],
    Env: Object.entries({ ...env, [MARK]: mark }).map(([key, value]) => `${key}=${value}`),
    AttachStdout: true,
    AttachStderr: true,
  });
  own.add(idOf(created.id, 'exec id'));
  const stream = await created.start({ hijack: true, stdin: false });
  const { why, ...said } = await heard(stream, most, withinMs);
  if (why !== null) {
    await endMarked(docker, id, `${MARK}=${mark}`, own);
    return { exitCode: NOT_ENDED, stdout: said.stdout, stderr: `${said.stderr}\npglab: ${why}` };
  }
  const { ExitCode } = await created.inspect();
  return { exitCode: ExitCode ?? -1, ...said };
}

/** What it says to its end, or why that was not waited for. */
async function heard(
  stream: Duplex,
  most: number,
  withinMs: number,
): Promise<{ stdout: string; stderr: string; why: string | null }> {
  const said = { stdout: '', stderr: '' };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stream.destroy();
  }, withinMs);
  try {
    for await (const { source, text } of spokenIn(stream)) {
      said[source] += text;
      if (said.stdout.length + said.stderr.length > most)
        return { ...said, why: `ended, it printed more than ${most} characters` };
    }
  } catch (error) {
    if (!isLate) throw error;
  } finally {
    clearTimeout(timer);
  }
  return { ...said, why: isLate ? `timeout expired, it did not end within ${withinMs / 1000} s` : null };
}

/** Where the container has no shell, or is gone, nothing more can be done. */
async function endMarked(docker: Docker, id: string, mark: string, own: Set<string>): Promise<void> {
  try {
    const created = await docker.getContainer(id).exec({ Cmd: ['sh', '-c', END_MARKED, mark] });
    own.add(created.id);
    const answer = await created.start({ Detach: true });
    // Nothing is said there, and its connection stays open until that was read.
    answer.resume();
  } catch {}
}

/** How Docker tells that an exec was made, and that it was started: its command behind it. */
const EXEC_MADE = 'exec_create: ';
const EXEC_STARTED = 'exec_start: ';
/** Characters of it that are kept. */
const LONGEST_COMMAND = 4_096;

/**
 * The start and the end of an exec are told: by then it is known whose it was. One has one end: where the same is told
 * again, it is a label of the container that stands there, and our own looking must not wake us for ever.
 */
export async function* withoutOwn(
  events: AsyncIterable<EngineEvent>,
  own: ReadonlySet<string>,
): AsyncIterable<EngineEvent> {
  const told = new Set<string>();
  const commands = new Map<string, string>();
  for await (const event of events) {
    const { action, execId } = event;
    if (action.startsWith(EXEC_MADE)) commands.set(execId, action.slice(EXEC_MADE.length, LONGEST_COMMAND));
    if (!action.startsWith('exec_')) yield event;
    if (action.startsWith(EXEC_STARTED) && !own.has(execId) && commands.has(execId))
      yield { ...event, action: 'exec_start', command: commands.get(execId) ?? '' };
    if (action !== 'exec_die') continue;
    const command = commands.get(execId) ?? '';
    commands.delete(execId);
    if (!own.has(execId) && !told.has(execId)) yield { ...event, command };
    told.add(execId);
  }
}

/** As `withoutOwn`, of Podman, whose events do not say which exec: as many ends as we began are taken for ours. */
export async function* withoutAsManyAsOwn(
  events: AsyncIterable<EngineEvent>,
  own: ReadonlySet<string>,
): AsyncIterable<EngineEvent> {
  let ended = own.size;
  for await (const event of events) {
    if (event.action === 'exec') continue;
    if (event.action !== 'exec_died') yield event;
    else if (ended < own.size) ended += 1;
    else yield { ...event, action: 'exec_die' };
  }
}
