/** Loaded before pglab: runs a line to its end just before the first lock is taken. */
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { symlinkSync } = fs;
let line = process.env.BEFORE_LOCK;
fs.symlinkSync = (...args) => {
  if (line) execSync(line, { stdio: 'ignore' });
  line = '';
  return symlinkSync(...args);
};
syncBuiltinESMExports();
