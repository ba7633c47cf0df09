/** What the engine says that happens to a container, by its own clock. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What happens to the container as it goes on, in milliseconds by the engine's clock. */
export function eventsOf(id: string) {
  const filters = ['--filter', `container=${id}`, '--format', '{{.Action}} {{.TimeNano}}'];
  const events = spawn('docker', ['events', ...filters]);
  const happened = new Map<string, number>();
  createInterface({ input: events.stdout }).on('line', (line) => {
    const [action = '', nanoseconds] = line.split(' ');
    happened.set(action, Number(nanoseconds) / 1e6);
  });
  return { events, happened };
}
