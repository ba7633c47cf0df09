/**
 * Loaded before pglab: ends the process by SIGKILL right after it has flushed an event at which none was
 * killed before. The file KILLED_AT holds what those were, a line each, and gets one more; KILL_BY says
 * which fields tell one event from another. KILL_AFTER lets so many new ones pass; KILL_ONLY names the one;
 * KILL_SPARES names commands at whose events none is killed, `STEP INDEX` each, with commas between. KILL_SEED kills at
 * one event in KILL_ONE_IN, each by its name.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { crc32 } from 'node:zlib';

const file = process.env.KILLED_AT;
const only = process.env.KILL_ONLY;
const fields = process.env.KILL_BY.split(' ');
const seen = new Set(fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []);
const spares = new Set((process.env.KILL_SPARES ?? '').split(','));
const seed = process.env.KILL_SEED ?? '';
const oneIn = Number(process.env.KILL_ONE_IN);
const isSpared = (name) => seed !== '' && crc32(`${seed} ${name}`) % oneIn > 0;
let spared = Number(process.env.KILL_AFTER ?? 0);
let written = '';

const { writeSync, fsyncSync } = fs;
fs.writeSync = (descriptor, bytes, ...rest) => {
  written = String(bytes);
  return writeSync(descriptor, bytes, ...rest);
};
fs.fsyncSync = (descriptor) => {
  fsyncSync(descriptor);
  // Several that were flushed together are killed behind the last one.
  const event = JSON.parse(written.trimEnd().split('\n').at(-1));
  const told = { ...event, check: event.check?.id ?? event.check };
  const name = fields.map((field) => told[field] ?? '').join(' ');
  if (spares.has(`${event.step} ${event.index}`)) return;
  if (isSpared(name) || seen.has(name) || (only && name !== only) || spared-- > 0) return;
  fs.appendFileSync(file, `${name}\n`);
  process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
