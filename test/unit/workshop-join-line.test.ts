/** The pasted line as participants paste it: real shells, real curl, a real parcel; and who stands between. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { joinScript, joinScriptDigest } from '../../src/workshop/kit/join-script.ts';
import type { Kit } from '../../src/workshop/kit/kit-list.ts';
import { tarOf } from '../../src/workshop/kit/parcel.ts';
import { pastedLine } from '../../src/workshop/kit/pasted-line.ts';
import { plainRoutes } from '../../src/workshop/kit/plain-routes.ts';
import { aKit, newFolder, serving } from '../kit-of-test.ts';

const CODE = 'K7QM-2PDX';
const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

/** A pglab that tells how it was called. */
function parcel(): Buffer {
  const program = 'console.log(JSON.stringify([process.env.KIT_NODE ?? "no", ...process.argv.slice(2)]))';
  return gzipSync(
    tarOf([
      { path: 'package/package.json', body: Buffer.from('{}'), isProgram: false },
      { path: 'package/dist/pglab.js', body: Buffer.from(program), isProgram: true },
    ]),
  );
}

/** `alter`: what somebody else answers in the board's place. */
async function board(
  alter: (path: string) => string | null = () => null,
  node?: Buffer,
): Promise<{ address: string; kit: Kit }> {
  const { folder, kit } = aKit(parcel(), node);
  const routes = plainRoutes({ folder, kit });
  const { address, end } = await serving((asked, response) => {
    const other = alter(asked.url ?? '');
    if (other !== null) response.end(other);
    else routes(asked, response);
  });
  ends.push(end, () => rmSync(folder, { recursive: true, force: true }));
  return { address, kit };
}

function home(): string {
  const folder = newFolder();
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with these programs of the system, and no others. */
function onlyPrograms(...names: string[]): string {
  const folder = join(home(), 'bin');
  mkdirSync(folder);
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    if (found !== '') symlinkSync(found, join(folder, name));
  }
  return folder;
}

/** The line takes either: what this machine has of them is tried, and it has one. */
const FETCHERS = ['curl', 'wget'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
);
assert.ok(FETCHERS.length > 0, 'curl or wget');

const BASIC =
  'sh cut mktemp mkdir rm mv tar gzip cat sed grep chmod od tr uname sleep sha256sum printf'.split(' ');

function pasted(line: string, HOME: string, { shell = 'bash', PATH = process.env.PATH ?? '' } = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(shell, ['-c', line], { env: { HOME, PATH } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function lineFor({ address, kit }: { address: string; kit: Kit }): string {
  return pastedLine({ address, code: CODE, sha256: joinScriptDigest(kit) });
}

describe('the line to join', () => {
  it('installs what the board has below the home, joins with it, and leaves nothing half done', async () => {
    const at = await board();
    const HOME = home();
    const { code, stdout, stderr } = await pasted(lineFor(at), HOME);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), ['no', 'workshop', 'join', at.address, CODE]);
    assert.deepEqual(readdirSync(HOME).sort(), ['.local']);
    const left = readdirSync(join(HOME, '.local/share/pglab-workshop'));
    assert.deepEqual(left.length, 1, `${left}`);
    const again = spawnSync(join(HOME, '.local/bin/pglab'), ['next'], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(again.stdout).slice(1), ['next']);
  });

  for (const shell of ['dash', 'sh'])
    it(`is taken by ${shell} as well, and the second time fetches no parcel`, async () => {
      const fetched: string[] = [];
      const at = await board((path) => {
        fetched.push(path.replace(/\?.*/, ''));
        return null;
      });
      const HOME = home();
      for (const _ of [1, 2]) assert.equal((await pasted(lineFor(at), HOME, { shell })).code, 0);
      assert.deepEqual(fetched, ['/join', '/kit/pglab-0.2.0.tgz', '/join']);
    });

  it('runs nothing of a script that is another one', async () => {
    const HOME = home();
    const at = await board((path) => (path === '/join' ? `touch ${HOME}/owned` : null));
    const { code, stderr } = await pasted(lineFor(at), HOME);
    assert.equal(code, 1);
    assert.match(stderr, /nothing was run/);
    assert.deepEqual(readdirSync(HOME), []);
  });

  it('runs nothing where nobody answers', async () => {
    const HOME = home();
    const line = pastedLine({ address: '127.0.0.1:9', code: CODE, sha256: joinScriptDigest(aKit().kit) });
    const { code } = await pasted(line, HOME);
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(HOME), []);
  });

  it('runs nothing of a parcel that is another one', async () => {
    const at = await board((path) => (path.includes('.tgz') ? 'not it' : null));
    const HOME = home();
    const { code, stderr } = await pasted(lineFor(at), HOME);
    assert.equal(code, 2);
    assert.match(stderr, /pglab-0\.2\.0\.tgz from .* is not what your instructor gave out/);
    assert.equal(existsSync(join(HOME, '.local/bin/pglab')), false);
  });

  it('leaves a pglab that is there, and has one beside it', async () => {
    const at = await board();
    const HOME = home();
    const own = join(HOME, '.local/bin/pglab');
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, '#!/bin/sh\necho mine\n');
    chmodSync(own, 0o755);
    const { code, stdout } = await pasted(lineFor(at), HOME);
    assert.equal(code, 0);
    assert.ok(stdout.includes('"join"'));
    assert.equal(readFileSync(own, 'utf8'), '#!/bin/sh\necho mine\n');
  });

  for (const program of FETCHERS)
    it(`brings a Node from the kit where there is none, by ${program}`, async () => {
      // Tells that it was called, and is as small as no real one.
      const body = Buffer.from(`#!/bin/sh\nKIT_NODE=yes exec '${process.execPath}' "$@"\n`);
      const node = { path: 'package/bin/node', body, isProgram: true };
      const at = await board(() => null, gzipSync(tarOf([node])));
      const HOME = home();
      const PATH = onlyPrograms(...BASIC, program);
      const { code, stdout, stderr } = await pasted(lineFor(at), HOME, { PATH, shell: '/bin/sh' });
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout)[0], 'yes');
    });

  it('is refused for what is no address, code or digest', () => {
    const good = { address: '192.168.1.20:8750', code: CODE, sha256: 'a'.repeat(64) };
    assert.ok(pastedLine(good).includes(`a=192.168.1.20:8750;`));
    assert.ok(pastedLine({ ...good, address: '[fe80::1]:8750' }).includes('[fe80::1]:8750'));
    const bad = [
      { address: "x';touch /tmp/x;':1" },
      { address: 'x$(id):80' },
      { address: 'host' },
      { address: 'host:99999' },
      { address: 'fe80::1:8750' },
      { code: 'K7QM;id' },
      { sha256: '*' },
    ];
    for (const each of bad) assert.throws(() => pastedLine({ ...good, ...each }), RangeError);
  });
});

describe('the script', () => {
  it('is the same for the same kit, and another for each digest in it', () => {
    const { kit, folder } = aKit();
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    assert.equal(joinScript(kit), joinScript({ ...kit, files: kit.files.toReversed() }));
    for (const file of kit.files.filter(({ kind }) => kind !== 'image')) {
      const other = {
        ...kit,
        files: kit.files.map((each) => (each === file ? { ...each, sha256: 'f'.repeat(64) } : each)),
      };
      assert.notEqual(joinScriptDigest(other), joinScriptDigest(kit));
    }
    assert.doesNotMatch(joinScript(kit), /PARCEL|CASES|VERSION|undefined/);
  });
});
