/**
 * Makes dist/, by `npm run build`: the launcher; the program, the kit and the labs as CommonJS, in chunks that
 * are read when a verb first needs them; the kit's types; and the licences of what is bundled.
 *
 * CommonJS, because Node's loader of ES modules takes a third of the time of `node -e 0`. esbuild divides only
 * ES modules into chunks: so it makes these, and each is put into CommonJS afterwards.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { build, transform } from 'esbuild';

/** What stands in for a package, or for one that a package loads at once and we never need. */
const STAND_INS = {
  'cli-highlight': './src/terminal/plain-code.ts',
  'node-emoji': './src/terminal/plain-emoji.ts',
  '@grpc/grpc-js': './src/engine/never-called.ts',
  '@grpc/proto-loader': './src/engine/never-called.ts',
  protobufjs: './src/engine/never-called.ts',
  'tar-fs': './src/engine/never-called.ts',
  '@balena/dockerignore': './src/engine/never-called.ts',
  ssh2: './src/engine/never-called.ts',
};
/** What runs in a browser: a script or style of `dist/web/`, and where it is written. */
const PAGES = {
  learner: 'src/browser/learner/main.tsx',
  'learner-style': 'src/browser/learner/page.css',
  board: 'src/browser/board/board-page.ts',
  wall: 'src/browser/board/wall-page.ts',
  'board-style': 'src/browser/board/board.css',
};
const SMALLER = { platform: 'node', target: 'node20', minifyWhitespace: true, minifySyntax: true };
/** A module of Node's own is loaded when something of it is first used: most verbs use few. */
const LAZY = 'const lazy=id=>new Proxy({},{get:(_,key)=>require(id)[key]});';
/** For packages that make themselves a `require`. */
const URL_OF_CHUNK = 'const __url=require("node:url").pathToFileURL(__filename).href;';

rmSync('dist', { recursive: true, force: true });
const bundle = await build({
  ...SMALLER,
  entryPoints: [
    'src/cli.ts',
    'src/board-process.ts',
    'src/courier.ts',
    'src/lab-trial.ts',
    'src/kit.ts',
    ...labFiles(),
  ],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  external: ['*.node'],
  plugins: [{ name: 'pg-on-node', setup: pgOnNode }],
  alias: STAND_INS,
  write: false,
  metafile: true,
  logLevel: 'warning',
});
const pages = await build({
  ...{ entryPoints: PAGES, outdir: 'dist/web', bundle: true, minify: true, format: 'iife', target: 'es2022' },
  ...{ charset: 'utf8', metafile: true, logLevel: 'warning' },
});
const { outputs, inputs } = bundle.metafile;
const START = startOf('src/cli.ts', 'src/commands/list.ts');
const START_FILE = 'dist/chunks/start.js';
const chunks = new Map(bundle.outputFiles.map(({ path, text }) => [relative('.', path), text]));
for (const [file, text] of chunks) {
  if (!START.includes(file)) write(file, await asCommonJs(file, text, outputs[file].imports));
}
const starting = START.flatMap((file) => outputs[file].imports);
write(START_FILE, await asCommonJs(START_FILE, await joined(START), starting));
write('dist/package.json', '{ "type": "commonjs" }\n');
cpSync('src/launcher.cjs', 'dist/pglab.js');
cpSync('src/kept-code.cjs', 'dist/kept-code.js');
chmodSync('dist/pglab.js', 0o755);
write('dist/THIRD-PARTY.txt', licences(Object.keys({ ...inputs, ...pages.metafile.inputs })));
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.kit.json'], {
  stdio: 'inherit',
});
// Older compilers do not find `x.d.ts` where a declaration names `./x.ts`.
for (const file of readdirSync('dist/types', { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
  const path = join('dist/types', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'"));
}

/** pg asks whether it runs on Cloudflare's machines by making a Response: on Node 20 that loads a whole HTTP client. */
function pgOnNode(esbuild) {
  esbuild.onLoad({ filter: /[\\/]pg[\\/]lib[\\/]stream\.js$/ }, ({ path }) => ({
    contents: `const Response = undefined;${readFileSync(path, 'utf8')}`,
  }));
}

function labFiles() {
  return readdirSync('labs').flatMap((lab) =>
    readdirSync(join('labs', lab))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('labs', lab, file)),
  );
}

/** The chunks that these files need at once: they are joined, for each that stands alone costs half a millisecond. */
function startOf(...sources) {
  const found = new Set();
  const add = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { path, kind } of outputs[file].imports)
      if (kind === 'import-statement' && outputs[path]) add(path);
  };
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => sources.includes(entryPoint));
  for (const [file] of entries) add(file);
  return [...found].filter((file) => file.startsWith('dist/chunks/'));
}

/** Chunks as one, which exports each under its name. */
async function joined(files) {
  const contents = files.map((file) => `export * as ${nameOf(file)} from '${file}';`).join('\n');
  const fromMemory = (esbuild) => {
    esbuild.onResolve({ filter: /.*/ }, ({ path, kind, importer }) => {
      const file = importer === '<stdin>' ? path : join(dirname(importer), path);
      const isOurs = kind === 'import-statement' && files.includes(file);
      return isOurs ? { path: file, namespace: 'memory' } : { path, external: true };
    });
    esbuild.onLoad({ filter: /.*/, namespace: 'memory' }, ({ path }) => ({ contents: chunks.get(path) }));
  };
  const plugins = [{ name: 'from-memory', setup: fromMemory }];
  const { outputFiles } = await build({
    ...SMALLER,
    ...{ stdin: { contents }, plugins, bundle: true, format: 'esm', write: false, logLevel: 'error' },
  });
  return outputFiles[0].text;
}

/** The chunk as CommonJS: Node's own modules when they are first used, other chunks from where they lie. */
async function asCommonJs(file, text, imports) {
  const define = {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__url',
  };
  const { code, warnings } = await transform(text, { ...SMALLER, format: 'cjs', define });
  const lost = warnings.find(({ id }) => id === 'empty-import-meta');
  if (lost) throw new Error(`${file}: ${lost.text}`);
  let chunk = code.replace(/(\bimport_\w+=)require\(("node:[\w/]+")\)/g, '$1lazy($2)');
  if (chunk !== code) chunk = LAZY + chunk;
  if (/\b__url\b/.test(chunk)) chunk = URL_OF_CHUNK + chunk;
  for (const { path, kind, external } of imports) {
    const name = JSON.stringify(external ? path : relativeName(dirname(file), path));
    if (kind === 'dynamic-import')
      chunk = chunk.replaceAll(`import(${name})`, `Promise.resolve().then(()=>require(${name}))`);
    if (START.includes(path)) chunk = chunk.replaceAll(`require(${name})`, requireOfStart(file, path));
  }
  return `"use strict";${chunk}`;
}

function requireOfStart(file, path) {
  return `require(${JSON.stringify(relativeName(dirname(file), START_FILE))}).${nameOf(path)}`;
}

/** `dist/chunks/chunk-AB12.js` → `chunk_AB12` */
function nameOf(file) {
  return basename(file, '.js').replace(/\W/g, '_');
}

function relativeName(folder, path) {
  const name = relative(folder, path);
  return name.startsWith('.') ? name : `./${name}`;
}

/** The licence of each package of which something is bundled. */
function licences(files) {
  const folders = files.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(folders)]
    .filter(Boolean)
    .sort()
    .map(licence)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version}: ${license}`, ...texts].join('\n\n')}\n`;
}

function write(file, text) {
  if (existsSync(file)) throw new Error(`${file} is made twice`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
