import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { emptyResult } from '../../report/result.ts';
import { Trouble, Usage } from '../../trouble.ts';
import { buildKit, type KitStep } from '../../workshop/kit/kit-build.ts';
import { type GetStep, getKit } from '../../workshop/kit/kit-get.ts';
import { type Held, type Kit, kitDigest, requireKit, sizeOf } from '../../workshop/kit/kit-list.ts';
import { type Wrong, wrongIn } from '../../workshop/kit/kit-verify.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { boardAddress } from './board-address.ts';
import { interruptible } from './interruptible.ts';
import { imagesForKit } from './kit-images.ts';

/** Where a kit lies that no folder is named for. */
export function kitFolder({ settings }: Pick<Desk, 'settings'>, given?: string): string {
  return resolve(given ?? join(settings.home, 'kit'));
}

/** Puts a kit together of what this machine has, and of Node for other platforms. */
export async function kitBuild(desk: Desk, given: string | undefined): Promise<number> {
  const folder = kitFolder(desk, given);
  const since = performance.now();
  const { kit, without } = await builtKit(desk, folder);
  const seconds = Math.round((performance.now() - since) / 1_000);
  return told(desk, kit, { folder, without }, () => {
    const { content, screen } = desk;
    for (const each of without) screen.line(content.say('messages', 'kit-without', each));
    screen.line(content.say('messages', 'kit-built', { folder, mb: megabytes(sizeOf(kit)), seconds }));
    screen.line(content.say('messages', 'kit-digest', { sha256: kitDigest(kit) }));
  });
}

/** Builds it, and tells what it does on stderr. `without`: what could not be had, and why. */
export async function builtKit(
  desk: Desk,
  folder: string,
): Promise<{ kit: Kit; without: { what: string; why: string }[] }> {
  const without: { what: string; why: string }[] = [];
  const kit = await interruptible(async (signal) => {
    const images = await imagesForKit(desk);
    const steps = buildKit({ folder, images, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return value;
      if (value.is === 'without') without.push({ what: value.what, why: whyOf(desk, value.trouble) });
      tellBuilding(desk, value);
    }
  });
  return { kit, without };
}

/** Reads all of a kit. Trouble `kit-wrong` names each file that is not what its list says. */
export async function kitVerify(desk: Desk, given: string | undefined): Promise<number> {
  const { content, screen } = desk;
  const folder = kitFolder(desk, given);
  const kit = requireKit(folder);
  const wrong: Wrong[] = [];
  for await (const { file, wrong: found } of wrongIn(folder, kit)) {
    if (found) wrong.push(found);
    screen.aside(`${found ? '✗' : '✓'} ${file.name}  ${megabytes(file.bytes)} MB`);
  }
  if (wrong.length > 0) {
    const files = wrong.map(({ name, is }) => `${name} (${content.say('messages', WRONG[is])})`).join(', ');
    throw new Trouble('kit-wrong', { folder, files });
  }
  return told(desk, kit, { folder }, () => {
    const values = { folder, count: kit.files.length, mb: megabytes(sizeOf(kit)) };
    screen.line(content.say('messages', 'kit-verified', values));
    screen.line(content.say('messages', 'kit-digest', { sha256: kitDigest(kit) }));
  });
}

const WRONG = {
  missing: 'kit-is-missing',
  'no-file': 'kit-is-no-file',
  cut: 'kit-is-cut',
  other: 'kit-is-other',
} as const satisfies Record<Wrong['is'], string>;

/** Gets a kit from a board, or from a folder. */
export async function kitGet(
  desk: Desk,
  [address, given, ...more]: string[],
  { sha256 = null }: { sha256?: string | null | undefined },
): Promise<number> {
  if (address === undefined || more.length > 0) throw new Usage('kit-get-words');
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) throw new Usage('bad-sha256', { sha256 });
  const isFolder = existsSync(join(address, 'kit.json')) || /^[./~]/.test(address);
  // A word without either is a folder that is not there.
  if (!isFolder && !/[.:]/.test(address)) throw new Usage('bad-address', { address });
  const from = isFolder ? { folder: resolve(address) } : { board: boardAddress(address) };
  const to = kitFolder(desk, given);
  if ('folder' in from && from.folder === to) throw new Usage('kit-get-itself', { folder: to });
  const kit = await interruptible(async (signal) => {
    const steps = getKit({ from, to, sha256, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return value;
      tellGetting(desk, value);
    }
  });
  return told(desk, kit, { folder: to, promised: sha256 !== null }, () => {
    const { content, screen } = desk;
    screen.line(content.say('messages', 'kit-got', { folder: to, mb: megabytes(sizeOf(kit)) }));
    screen.line(
      content.say('messages', sha256 === null ? 'kit-compare' : 'kit-promised', { sha256: kitDigest(kit) }),
    );
  });
}

function told(desk: Desk, kit: Kit, extra: object, text: () => void): number {
  const held = { ...extra, sha256: kitDigest(kit), bytes: sizeOf(kit), pglab: kit.pglab, files: kit.files };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { kit: held }, text);
}

function tellBuilding({ content, screen }: Desk, step: KitStep): void {
  if (step.is === 'making') screen.aside(content.say('messages', 'kit-making', { what: step.what }));
  if (step.is === 'made') screen.aside(line('✓', step.file));
  if (step.is === 'kept') screen.aside(line('·', step.file));
}

function tellGetting({ content, screen }: Desk, step: GetStep): void {
  if (step.is === 'list') {
    const values = { mb: megabytes(sizeOf(step.kit)), version: step.kit.pglab };
    screen.aside(content.say('messages', 'kit-to-get', values));
  }
  if (step.is === 'waiting')
    screen.transient(content.say('messages', 'kit-waiting', { place: step.place, file: step.file.name }));
  if (step.is === 'bytes')
    screen.transient(`${step.file.name}  ${megabytes(step.done)} / ${megabytes(step.file.bytes)} MB`);
  if (step.is === 'got') screen.aside(line('✓', step.file));
  if (step.is === 'kept') screen.aside(line('·', step.file));
}

function line(mark: string, { name, bytes }: Held): string {
  return `${mark} ${basename(name)}  ${megabytes(bytes)} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function whyOf({ content }: Desk, { code, values }: Trouble): string {
  return content.say('troubles', code, values, 'message');
}
