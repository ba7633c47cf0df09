/**
 * For Nodes before 22.1, which have no cache of compiled code: what a verb has compiled is kept in a file of its own, so
 * that its next process begins with it. Whatever is odd about the file or its folder, the code is compiled as ever.
 */
const fs = require('node:fs');
const Module = require('node:module');
const { dirname, join, resolve, sep } = require('node:path');
const { Script } = require('node:vm');

/** Neither a link nor a pipe that somebody put there is followed or waited for. */
const READ_OWN = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0) | (fs.constants.O_NONBLOCK || 0);
/** V8 copies what does not begin at such a place. */
const ALIGNED = 8;
const [HEAD, TAIL] = Module.wrapper;
const IMPORTS = /(?<![\w.$])import\s*\(/;
/** A verb that ended with one of these did what it is for: met, not met, could not tell. */
const WORTH_KEEPING = [0, 1, 2];

/** Where it is kept for this Node and this verb; a mistyped verb is one of many others. */
function fileOf(folder) {
  const verb = /^[a-z]{1,20}$/.exec(process.argv[2] || 'where');
  return join(folder, `${process.version}-${process.arch}-${verb ? verb[0] : 'other'}.code`);
}

/** Runs all modules below this folder with the code that is kept in `folder`, and keeps there what is new. */
exports.keepCode = function keepCode(below, folder) {
  const file = fileOf(folder);
  const known = read(file);
  const scripts = new Map();
  let isNew = false;
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename) {
    // What imports a lab of somebody's: V8 forgets by whom code was imported once it is kept.
    if (!filename.startsWith(below + sep) || IMPORTS.test(content))
      return compile.call(this, content, filename);
    const stamp = stampOf(filename);
    const kept = known.get(filename);
    const cachedData = kept && kept.stamp === stamp ? kept.data : undefined;
    const script = new Script(HEAD + content + TAIL, {
      filename,
      cachedData,
      columnOffset: -HEAD.length,
    });
    if (cachedData === undefined || script.cachedDataRejected) isNew = true;
    scripts.set(filename, { script, stamp });
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
  // At the end it has what was compiled on the way, too.
  process.on('exit', (code) => {
    if (isNew && WORTH_KEEPING.includes(code)) write(file, scripts);
  });
};

function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (id, options) => Module._resolveFilename(id, module, false, options);
  require.main = process.mainModule;
  require.cache = Module._cache;
  return require;
}

/** Another for a file that was written anew, whatever its clock says. */
function stampOf(filename) {
  const { size, ino, ctimeMs } = fs.statSync(filename);
  return `${size} ${ino} ${ctimeMs}`;
}

/** By file name; empty where nothing is kept that is whole and only ours to write. */
function read(file) {
  const known = new Map();
  try {
    const descriptor = fs.openSync(file, READ_OWN);
    try {
      if (!isOurs(fs.lstatSync(dirname(file))) || !isOurs(fs.fstatSync(descriptor))) return known;
      const bytes = fs.readFileSync(descriptor);
      // V8 runs what it reads, of a bad disk too: so all is there twice, which is compared faster than a sum is made.
      const half = bytes.length / 2;
      if (bytes.compare(bytes, 0, half, half) !== 0) return known;
      const start = ALIGNED + bytes.readUInt32LE(0);
      const index = JSON.parse(bytes.toString('utf8', ALIGNED, start));
      for (const [filename, stamp, at, length] of index)
        known.set(filename, { stamp, data: bytes.subarray(start + at, start + at + length) });
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {}
  return known;
}

function write(file, scripts) {
  const part = `${file}.${process.pid}.part`;
  try {
    if (!isOurs(fs.statSync(nearest(dirname(file))))) return;
    fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const index = [];
    const data = [];
    let at = 0;
    for (const [filename, { script, stamp }] of scripts) {
      const code = script.createCachedData();
      index.push([filename, stamp, at, code.length]);
      data.push(padded(code));
      at += data[data.length - 1].length;
    }
    const words = padded(Buffer.from(JSON.stringify(index)), ' ');
    const length = Buffer.alloc(ALIGNED);
    length.writeUInt32LE(words.length);
    const bytes = [length, words, ...data];
    fs.writeFileSync(part, Buffer.concat([...bytes, ...bytes]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(part, file);
  } catch {
    remove(part);
  }
}

function remove(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {}
}

function padded(bytes, by = '\0') {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (ALIGNED - 1), by)]);
}

/** The folder, or the nearest above it that is there. */
function nearest(folder) {
  return fs.existsSync(folder) ? folder : nearest(resolve(folder, '..'));
}

/** What others may write, or what lies in the home of another (sudo keeps HOME), is no code of ours. */
function isOurs({ uid, mode }) {
  return !process.geteuid || (uid === process.geteuid() && (mode & 0o022) === 0);
}
