// Loaded before pglab: ends the process by SIGKILL right after it has flushed its n-th event.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILL_AT);
const flush = fs.fsyncSync;
fs.fsyncSync = (descriptor) => {
  flush(descriptor);
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
