/** Where the built-in engine of a home keeps what: its data, its sockets, what it writes down on this machine. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** A unix socket's path may have 107 bytes, and containerd's lies four folders below ours. */
const LONGEST_SOCKET_FOLDER = 60;
/** Of this machine, whatever the home. Emptied at each start of it, and only root writes there. */
export const MACHINE = '/run/pglab';
/** A file for each engine that came up and was not ended since; in it, its home. */
export const RECORDS = join(MACHINE, 'engines');
/** A file for each of them: how this machine's network was before it came up. */
const NETWORKS = join(MACHINE, 'networks');

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
