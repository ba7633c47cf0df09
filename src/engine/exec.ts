/** A program run inside a container, and telling its events from those of others. */
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineEvent, ExecResult } from './types.ts';

/** `own` gets its id: whoever waits for a change must not be woken by their own looking. */
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
  own.add(created.id);
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

/** Only the end of an exec is told: by then it is known whose it was. */
export async function* withoutOwn(
  events: AsyncIterable<EngineEvent>,
  own: ReadonlySet<string>,
): AsyncIterable<EngineEvent> {
  for await (const event of events) {
    const isExec = event.action.startsWith('exec_');
    const isTold = event.action === 'exec_die' && !own.has(event.attributes.execID ?? '');
    if (!isExec || isTold) yield event;
  }
}
