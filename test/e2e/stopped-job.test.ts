/** Ctrl-Z and `fg` in a shell: the screen and the keys are as they were, and the run goes on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CLI, openLab, type TestLab } from './lab.ts';
import { openShell, type Session } from './pty.ts';

const CTRL_Z = '\u001a';
const PGLAB = `"${process.execPath}" "${CLI}"`;

describe('Ctrl-Z and fg', () => {
  let lab: TestLab;
  let shell: Session;
  before(() => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6575', PS1: 'shell> ' });
    shell = openShell(lab, 'bash', ['--norc', '-i'], lab.home);
  });
  after(async () => {
    shell.kill();
    await lab.pglab('reset', '--yes');
    await lab.end();
  });

  /** Stopped, the shell has its terminal; then it goes on. */
  async function stopAndGoOn(): Promise<void> {
    shell.types(CTRL_Z);
    await shell.sees(/Stopped/);
    shell.types('stty -a\r');
    await shell.sees(/[^-]icanon/);
    await shell.sees(/[^-]echo /);
    shell.types('fg\r');
  }

  test('at a question: it stands there again, and is answered', async () => {
    await shell.sees(/shell> /);
    shell.types(`${PGLAB} next --no-by-hand\r`);
    await shell.sees(/Esc skips/);
    await stopAndGoOn();
    await shell.sees(/1 ten times.*Esc skips/s);
    shell.types('2');
    shell.types('\r');
    await shell.sees(/❯ once at most.*the image is here.*shell> /s);
  });

  test('while pglab watches a step done by hand: its keys are heard again', async () => {
    shell.types(`${PGLAB} next --by-hand\r`);
    await shell.sees(/Esc skips/);
    shell.types('\r');
    await shell.sees(/q leave/);
    await stopAndGoOn();
    await shell.sees(/q leave/);
    shell.types('q');
    await shell.sees(/shell> /);
  });

  test('while it draws: what the shell wrote meanwhile is not drawn over', async () => {
    shell.types(`${PGLAB} map --watch\r`);
    await shell.sees(/Your world, now/);
    await stopAndGoOn();
    const [between] = await shell.sees(/fg\r\n.*?Your world, now/s);
    assert.ok(!between.includes('\u001b[J'), JSON.stringify(between));
    shell.types('\u0003');
    await shell.sees(/shell> /);
  });
});
