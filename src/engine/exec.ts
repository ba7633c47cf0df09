/** A program run inside a container, and telling its events from those of others. */
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { idOf } from './normalise.ts';
import type { EngineEvent, ExecResult } from './types.ts';

/** `own` gets its id: a watch must not be woken by its own looking. */
export async function exec(
  docker: Docker,
  id: string,
  command: readonly string[],
  env: Record<string, string>,
  own: Set<string>,
): Promise<ExecResult> {
  const created = await docker.getContainer(id).exec({
    Cmd: [...command],
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    AttachStdout: true,
    AttachStderr: true,
  });
  own.add(idOf(created.id, 'exec id'));
  const stream = await created.start({ hijack: true, stdin: false });
  const collected = { stdout: '', stderr: '' };
  const collect = (key: 'stdout' | 'stderr') => {
    const sink = new PassThrough().setEncoding('utf8');
    sink.on('data', (text) => {
      collected[key] += text;
    });
    return sink;
  };
  docker.modem.demuxStream(stream, collect('stdout'), collect('stderr'));
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  const { ExitCode } = await created.inspect();
  return { exitCode: ExitCode ?? -1, ...collected };
}

/**
 * Only the end of an exec is told: by then it is known whose it was. One has one end: where the same is told again, it
 * is a label of the container that stands there, and our own looking must not wake us for ever.
 */
export async function* withoutOwn(
  events: AsyncIterable<EngineEvent>,
  own: ReadonlySet<string>,
): AsyncIterable<EngineEvent> {
  const told = new Set<string>();
  for await (const event of events) {
    const { action, execId } = event;
    const isTold = action === 'exec_die' && !own.has(execId) && !told.has(execId);
    if (action === 'exec_die') told.add(execId);
    if (!action.startsWith('exec_') || isTold) yield event;
  }
}
