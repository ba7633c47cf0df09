/** The VOLUME of an image is made to mount a folder of the host, or to become part of a command: on a real engine. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hostileLab } from './hostile-lab.ts';
import { containerOf } from './lab.ts';

describe('a hostile VOLUME', () => {
  const { lab, folder, run, isOwned, imageWith } = hostileLab();
  const mountsOf = async (id: string) =>
    JSON.parse(await lab.docker('inspect', '--format', '{{json .Mounts}}', id)) as {
      Source: string;
      Destination: string;
      Type: string;
    }[];

  test('an image’s VOLUME is a field of --mount, whatever stands in it: no folder of the host is mounted', async () => {
    mkdirSync(join(folder, 'host'));
    const bind = `volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=${folder}/host`;
    const target = `/data,${bind}`;
    const image = await imageWith('pglab-hostile:mount', { Volumes: { [target]: {} } });
    const told = await run(
      'run',
      'detached-run',
      '--yes',
      '--image',
      image,
      '--run',
      'mount',
      '--lang',
      'en',
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const id = await containerOf(lab, 'mount', 'quiet');
    const mount = (await mountsOf(id)).find(({ Destination }) => Destination === target);
    assert.ok(mount, 'the whole text is the target');
    await lab.docker('exec', id, 'bash', '-c', `touch ${JSON.stringify(target)}/OWNED`);
    assert.ok(!existsSync(join(folder, 'host', 'OWNED')), 'a host’s folder was mounted');
    await run('reset', '--yes', '--run', 'mount');
  });

  test('a VOLUME with a command in it is quoted in all that is to be pasted, and with a colon it is refused in a sentence', async () => {
    const target = `/a;touch ${folder}/OWNED #$(touch ${folder}/OWNED)\`touch ${folder}/OWNED\`"'`;
    const image = await imageWith('pglab-hostile:paste', { Volumes: { [target]: {} } });
    const of = ['--image', image, '--run', 'paste', '--lang', 'en'];
    await run('run', 'volume-persistence', '--yes', ...of);
    const shown = await run('show', 'volume-persistence', ...of);
    const { steps } = await lab.json('check', 'volume-persistence', 'detached-run', ...of);
    const evidence = steps.flatMap(({ checks }) => checks.map((check) => check.evidence)).filter(Boolean);
    assert.ok(evidence.length > 3, JSON.stringify(steps));
    const lines = [
      ...evidence,
      ...(shown.stdout.match(/(?<=^here +)docker run .*/gm) ?? []).map((line) => `: ${line}`),
    ];
    assert.ok(lines.length > evidence.length, shown.stdout);
    for (const line of lines) {
      spawnSync('bash', ['-c', line], { cwd: folder, env: { ...lab.env }, stdio: 'ignore', timeout: 20_000 });
      assert.ok(!isOwned(), line);
    }
    await run('reset', '--yes', '--run', 'paste');
    const colon = await imageWith('pglab-hostile:colon', { Volumes: { '/a:/etc': {} } });
    const refused = await lab.json('run', 'volume-persistence', '--yes', '--image', colon, '--run', 'colon');
    assert.deepEqual([refused.code, refused.trouble?.code], [2, 'not-writable']);
    await run('reset', '--yes', '--run', 'colon');
  });
});
