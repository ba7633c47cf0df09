/**
 * Files of a lab tried out, each by itself: `node lab-trial.js FOLDER FILE…`. A process of its own, for such code may never
 * come to its end, or end the process. What there is to tell goes to file descriptor 3.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { giveKit } from './lab/kit-for-labs.ts';
import { messageOf } from './trouble.ts';

/** No trial lives for longer, also where nobody waits for it any more: the thread sees to that, for a file may spin. */
const LIVES_MS = 120_000;
/** What a file does right after it was loaded comes within that time. */
const AFTER_MS = 5;
/** As a file of a lab names it: it is resolved while this runs, and not when it is built. */
const KIT: string = 'pglab';
/** Enough to say what went wrong. */
const LONGEST_WHY = 2_000;

const [folder = '', ...files] = process.argv.slice(2);
const watch = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${LIVES_MS})`;
new Worker(watch, { eval: true, env: {} }).unref();
process.on('uncaughtException', (error) => {
  tell({ late: messageOf(error).slice(0, LONGEST_WHY) });
  process.exit();
});
// Where Node has nothing left to wait for, the file waits for what never comes.
process.on('beforeExit', () => {
  tell({ waits: true });
  process.exit();
});
giveKit();
void tryAll();

async function tryAll(): Promise<void> {
  // Nearly all files load the kit, which takes longer than they do: the time is theirs alone.
  await import(KIT);
  for (const file of files) {
    tell({ begun: file });
    // Why a file cannot be loaded is told by whoever loads it to use it.
    await import(pathToFileURL(join(folder, file)).href).then(({ default: found }) => found).catch(() => {});
    await delay(AFTER_MS);
    tell({ passed: file });
  }
  process.exit();
}

function tell(what: object): void {
  writeSync(3, `${JSON.stringify(what)}\n`);
}
