/**
 * The long rounds, each printed with its figures: `npm run soak`, or `npm run soak -- room kills`. As root; what brings up an
 * engine, or loses packets, does so in a network of its own. All of it runs a copy of `dist`, which no build replaces.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const COPIED = ['package.json', 'dist', 'content', 'src/image/entrypoint.sh'];
const TSX = `${process.execPath} --import tsx`;
const TESTS = `${process.execPath} --enable-source-maps tools/tests.mjs`;
const APART = (command: string) => ['unshare', '--net', 'sh', '-c', `ip link set lo up && ${command}`];

const ROUNDS: Readonly<Record<string, readonly string[]>> = {
  /** The board alone: killed again and again, and cut from its power. */
  kills: ['sh', '-c', `${TSX} --test --test-reporter=spec test/e2e/workshop-board.test.ts`],
  /** pglab itself, killed at every event of a walk. */
  events: APART(`PGLAB_TEST_ONLY=killed ${TESTS} e2e`),
  network: APART(`${TSX} test/bench/workshop/workshop-bench.ts hole loss`),
  /** Real pglabs, with a browser and a terminal beside them. */
  room: APART(`${TSX} test/soak/room.ts`),
  /** The change of groups, with proof. */
  reset: APART(`${TSX} test/soak/reset.ts`),
  /** Two boards on one Postgres. */
  store: APART(`PGLAB_TEST_ONLY=workshop-store ${TESTS} e2e`),
};

const copy = mkdtempSync(join(tmpdir(), 'pglab-soaked-'));
for (const each of COPIED) cpSync(join(ROOT, each), join(copy, each), { recursive: true });
const env = {
  PGLAB_SOAK_KILLS: '100',
  PGLAB_SOAK_CUTS: '20',
  ...process.env,
  PGLAB_TEST_DIST: join(copy, 'dist'),
};
const asked = process.argv.slice(2);
let failed = 0;
for (const [name, [program = '', ...words]] of Object.entries(ROUNDS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`■ ${name}`);
  const { status } = spawnSync(program, words, { cwd: ROOT, env, stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
rmSync(copy, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
