/** A lab for text that is made to deceive or to run: all that it prints is harmless, or its test fails. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { harmless } from './harmless.ts';
import { type Ended, openLab, type TestLab } from './lab.ts';

/** What a builder of images may write into one. */
interface ImageConfig {
  Volumes?: object;
  Labels?: object;
  Entrypoint?: string[];
}

/** For a `describe`: a lab of Postgres 17 and a folder; both go after it, with the images that were made. */
export function hostileLab() {
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17' });
  const folder = mkdtempSync(join(tmpdir(), 'pglab-hostile-'));
  const images: string[] = [];
  after(async () => {
    await lab.end();
    if (images.length > 0) await lab.docker('rmi', '-f', ...images);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ lab, folder },
    /** All that was printed, at every end of a verb. */
    async run(...args: string[]): Promise<Ended> {
      const told = await lab.pglab(...args);
      harmless(told.stdout + told.stderr, `pglab ${args.join(' ')}`);
      assert.notEqual(told.code, 70, told.stderr);
      return told;
    },
    /** Whether something has run that makes this file. */
    isOwned: () => existsSync(join(folder, 'OWNED')) || existsSync('OWNED'),
    imageWith(name: string, config: ImageConfig) {
      images.push(name);
      return loadImageWith(lab, folder, name, config);
    },
  };
}

/**
 * The image of the tests once more, under this name and with this in its configuration; returns the name. Loaded as an
 * archive of its configuration alone: its layers are there.
 */
async function loadImageWith(
  { docker }: Pick<TestLab, 'docker'>,
  folder: string,
  name: string,
  config: ImageConfig,
): Promise<string> {
  const [known] = JSON.parse(await docker('image', 'inspect', 'postgres:17'));
  const { Architecture: architecture, Os: os, Config, RootFS } = known;
  const rootfs = { type: 'layers', diff_ids: RootFS.Layers };
  const archive = mkdtempSync(join(folder, 'image-'));
  const whole = { architecture, os, config: { ...Config, ...config }, rootfs };
  writeFileSync(join(archive, 'config.json'), JSON.stringify(whole));
  const layers = RootFS.Layers.map((_: string, at: number) => `${at}/layer.tar`);
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: layers }];
  writeFileSync(join(archive, 'manifest.json'), JSON.stringify(manifest));
  execFileSync('tar', ['-C', archive, '-cf', join(archive, 'image.tar'), 'manifest.json', 'config.json']);
  await docker('load', '-i', join(archive, 'image.tar'));
  return name;
}
