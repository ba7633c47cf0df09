/** Where the built-in engine of a home keeps what: its data, its sockets, what it writes down on this machine. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** A unix socket's path may have 107 bytes, and containerd's lies four folders below ours. */
const LONGEST_SOCKET_FOLDER = 60;
/** One folder for all homes of this machine. It is emptied when the machine starts, and only root writes there. */
export const MACHINE = '/run/pglab';
/** A file for each built-in engine that came up and was not ended since, with the path of its home in it. */
export const RECORDS = join(MACHINE, 'engines');
/** A file for each such engine, with this machine's network as it was before the engine came up. */
export const NETWORKS = join(MACHINE, 'networks');

export interface BuiltIn {
  home: string;
  data: string;
  runtime: string;
  socket: string;
  pidFile: string;
  log: string;
  record: string;
  network: string;
}

export function builtIn(home: string): BuiltIn {
  const folder = join(home, 'engine');
  const short = createHash('sha256').update(home).digest('hex').slice(0, 10);
  const runtime = folder.length <= LONGEST_SOCKET_FOLDER ? join(folder, 'run') : `/run/pglab-${short}`;
  return {
    home,
    data: join(folder, 'data'),
    runtime,
    socket: join(runtime, 'docker.sock'),
    pidFile: join(runtime, 'docker.pid'),
    log: join(folder, 'dockerd.log'),
    record: join(RECORDS, short),
    network: join(NETWORKS, short),
  };
}
