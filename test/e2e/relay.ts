/** A socket that leads to an engine, and may be led elsewhere or cut. */
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  path: string;
  /** From now on it leads to this socket; what is open is cut. */
  leadTo(engine: string): void;
  /** Cuts what is open, and takes nothing more. */
  close(): void;
}

export async function openRelay(path: string, engine: string): Promise<Relay> {
  let leadsTo = engine;
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const end = connect({ path: leadsTo, allowHalfOpen: true });
    for (const socket of [client, end]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => {});
    }
    client.pipe(end).pipe(client);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    leadTo(other) {
      leadsTo = other;
      cut();
    },
    close() {
      server.close();
      cut();
    },
  };
}
