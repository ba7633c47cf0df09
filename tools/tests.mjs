/**
 * Runs suites of tests: `node --enable-source-maps tools/tests.mjs unit content`. All files of tests are made into
 * JavaScript at once: each runs in a process of its own, most of whose time a compiler in each would take.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const TESTS = join(ROOT, 'test');
/** Below the packages, so that a test finds them from there. */
const CACHE = join(ROOT, 'node_modules/.cache');
/** Loads a lab's files while a test runs; they import from the sources, which must then be the test's own as well. */
const LOADS_LABS = 'src/lab/load.ts';

process.chdir(ROOT);
mkdirSync(CACHE, { recursive: true });
const made = mkdtempSync(join(CACHE, 'tests-'));
process.once('exit', () => rmSync(made, { recursive: true, force: true }));
process.env.PGLAB_TESTS_MADE = made;
await make();
await import(pathToFileURL(join(made, 'run.js')).href);

async function make() {
  const files = readdirSync(TESTS, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  const { metafile } = await build({
    entryPoints: ['run.ts', 'lane-apart.ts', ...files].map((file) => join(TESTS, file)),
    outdir: made,
    outbase: TESTS,
    ...{
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
    },
    ...{ sourcemap: true, sourcesContent: false, metafile: true, logLevel: 'warning' },
    plugins: [{ name: 'where-the-source-is', setup: sayWhereTheSourceIs }],
  });
  for (const file of files) {
    const path = join(made, file.replace(/\.ts$/, '.js'));
    if (inputsOf(relative(ROOT, path), metafile.outputs).has(LOADS_LABS))
      writeFileSync(path, fromSource(join(TESTS, file)));
  }
}

/** Tests and sources find what lies beside them: they are told where they lay. */
function sayWhereTheSourceIs(esbuild) {
  esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const where = { dirname: dirname(path), filename: path, url: pathToFileURL(path).href };
    const contents = readFileSync(path, 'utf8').replace(
      /\bimport\.meta\.(dirname|filename|url)\b/g,
      (_, what) => JSON.stringify(where[what]),
    );
    return { contents, loader: 'ts' };
  });
}

/** All sources that come into a process by this output. */
function inputsOf(output, outputs, seen = new Set()) {
  if (seen.has(output)) return new Set();
  seen.add(output);
  const { inputs, imports } = outputs[output];
  const others = imports.filter(({ external }) => !external).map(({ path }) => inputsOf(path, outputs, seen));
  return new Set([...Object.keys(inputs), ...others.flatMap((each) => [...each])]);
}

function fromSource(path) {
  return `import 'tsx';\nawait import(${JSON.stringify(pathToFileURL(path).href)});\n`;
}
