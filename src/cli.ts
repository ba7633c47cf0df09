/** The program: what the process begins with, the only catch-all, and the only exit code. */
import { called } from './commands/command-line.ts';
import { EXIT, Reporter } from './commands/reported.ts';
import { codeIfUnread, endUnread, listenForInterrupts } from './commands/signals.ts';
import { Trouble } from './trouble.ts';

// PG… variables of the learner's shell would change what psql and pg of ours do.
const inherited = { password: process.env.PGPASSWORD };
for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
process.env.PGPASSFILE = '/nonexistent/pgpass';

const argv = process.argv.slice(2);
const reporter = new Reporter(argv);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A pipe that was closed, a terminal that is gone: that is no error. A full disk is one.
    const isClosed = error.code === 'EPIPE' || error.code === 'EIO';
    if (!isClosed && codeIfUnread() === null)
      reporter.sayTrouble(new Trouble('output-failed', { why: error.message }));
    endUnread(isClosed ? 0 : EXIT.trouble);
  });
}
listenForInterrupts(() => process.exit(EXIT.cancelled));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, async (error) => process.exit(await reporter.report(error)));
}
// Each verb ends with process.exit: where Node has nothing left to wait for before that, something was lost.
process.once('beforeExit', async () => {
  process.exit(await reporter.report(new Error('nothing is left to wait for, and the verb has not ended')));
});
void main();

async function main(): Promise<void> {
  const exitCode = await called(argv, reporter.content, inherited).catch((error) => reporter.report(error));
  // A pipe may still hold back what was written to it.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(exitCode);
}
