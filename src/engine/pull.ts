/** A pull, its progress in bytes and layers, and its failures told apart. */

import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { TroubleKey } from '../content-keys.ts';
import { withTag } from '../grammar.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { PullProgress } from './said.ts';
import { objectsOf } from './streams.ts';

interface PullLine {
  id?: string;
  status?: string;
  error?: string;
  progressDetail?: { current?: number; total?: number };
}

/** `ref`: as it was asked for; `from`: what the engine is to take that for. */
export async function followPull(
  docker: Docker,
  { ref, from }: { ref: string; from: string },
  onProgress: (progress: PullProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const layers = new Map<string, { current: number; total: number; done: boolean }>();
  const onLine = (line: PullLine) => {
    if (!line.id || !line.status) return;
    const layer = layers.get(line.id) ?? { current: 0, total: 0, done: false };
    if (/^Downloading/.test(line.status)) {
      layer.current = line.progressDetail?.current ?? layer.current;
      layer.total = line.progressDetail?.total ?? layer.total;
    } else if (/^(Download complete|Pull complete|Already exists)/.test(line.status)) {
      layer.current = layer.total;
      layer.done = !/^Download complete/.test(line.status);
    } else if (!/^(Pulling fs layer|Waiting|Verifying|Extracting)/.test(line.status)) return;
    layers.set(line.id, layer);
    onProgress(summed([...layers.values()]));
  };
  try {
    const stream = await docker.pull(withTag(from), signal ? { abortSignal: signal } : {});
    signal?.addEventListener('abort', () => (stream as Readable).destroy(new Error('cancelled')), {
      once: true,
    });
    for await (const line of objectsOf<PullLine>(stream as Readable)) {
      if (line.error) throw new Error(line.error);
      onLine(line);
    }
  } catch (error) {
    throw pullTrouble(ref, error);
  }
}

function summed(layers: { current: number; total: number; done: boolean }[]): PullProgress {
  return {
    current: layers.reduce((sum, { current }) => sum + current, 0),
    total: layers.reduce((sum, { total }) => sum + total, 0),
    layersDone: layers.filter(({ done }) => done).length,
    layers: layers.length,
  };
}

/** The engine's own words are all there is to go by; the patterns cover 20.10 to 29. The first that fits. */
const KNOWN: readonly [RegExp, TroubleKey][] = [
  [/toomanyrequests|rate limit|\b429\b/i, 'pull-rate-limit'],
  [/proxyconnect|proxy authentication required/i, 'pull-proxy'],
  [/no such host|server misbehaving|name resolution|lookup \S+ on|lookup \S+: /i, 'pull-name-lookup'],
  [/x509:|certificate|tls: /i, 'pull-certificate'],
  [/HTTP response to HTTPS client/i, 'pull-plain-http'],
  [/no space left/i, 'no-space'],
  [/no matching manifest|does not match the specified platform|no match for platform/i, 'pull-no-platform'],
  [/manifest unknown|not found|manifest for/i, 'pull-no-such-tag'],
  [/\b403\b/, 'pull-forbidden'],
  [/unauthorized|denied|\b401\b/i, 'pull-denied'],
  [/timeout|deadline exceeded|request canceled|timed out/i, 'pull-timeout'],
  [/connection refused|connection reset|no route|unreachable|EOF/i, 'pull-refused'],
];

export function pullTrouble(ref: string, error: unknown): Trouble {
  const why = messageOf(error).replace(/^\(HTTP code \d+\) [^-]*- /, '');
  const code = KNOWN.find(([pattern]) => pattern.test(why))?.[1] ?? 'pull-failed';
  return new Trouble(code, { ref, why }, { cause: error });
}
