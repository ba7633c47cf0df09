#!/usr/bin/env node
// Written for Nodes of any age: one that is too old for pglab can read this file, and says so in one sentence.
var version = process.versions.node.split('.').map(Number);
var major = version[0];
var minor = version[1];
var locale;

if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) {
  start();
} else {
  locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  console.error(
    /^zh/i.test(locale)
      ? `pglab 需要 Node 20.19，或 22.12 及以上的版本；现在用的是 ${process.versions.node}。`
      : `pglab needs Node 20.19, or 22.12 and later; this is ${process.versions.node}.`,
  );
  process.exitCode = 2;
}

function start() {
  var module = require('node:module');
  // What was compiled is kept, in a folder that is this user's own; not by who is to leave nothing.
  var folder = process.argv.indexOf('uninstall') < 0 ? cacheFolder() : null;
  // Node has that since 22.1.
  if (folder !== null && module.enableCompileCache) module.enableCompileCache(folder);
  else if (folder !== null) require('./kept-code.js').keepCode(__dirname, folder);
  require('./src/cli.js');
}

/** As user-folders.ts has it; null for a user without a home folder. */
function cacheFolder() {
  var path = require('node:path');
  var home;
  try {
    home = process.env.HOME || process.env.USERPROFILE || require('node:os').homedir();
  } catch (_) {
    return null;
  }
  if (process.platform === 'darwin') return path.join(home, 'Library/Caches/pglab/compiled');
  if (process.platform === 'win32')
    return path.join(process.env.LOCALAPPDATA || path.join(home, 'AppData/Local'), 'pglab/Cache/compiled');
  return path.join(process.env.XDG_CACHE_HOME || path.join(home, '.cache'), 'pglab/compiled');
}
