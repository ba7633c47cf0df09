/** What an engine, or a container, says while it is listened to. */

/** Which part of a log is read. */
export interface LogPart {
  /** Only its first 64,000 characters: what is said of a first set-up. */
  only?: 'head';
  /** RFC 3339: only what was said since. The engine reads through all before it. */
  since?: string;
}

/** Where it had to be ended, the exit code is `timeout`'s own, 124, and `stderr` ends with the reason. */
export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Bytes so far and in all, summed over the layers that are known. */
export interface PullProgress {
  current: number;
  total: number;
  layersDone: number;
  layers: number;
}

/** Who publishes ports of the host. */
export interface Publisher {
  id: string;
  name: string;
  labels: Record<string, string>;
  hostPorts: number[];
}
