import { existsSync } from 'node:fs';
import type { MessageKey } from '../content-keys.ts';
import { builtIn } from '../engine/built-in-folders.ts';
import { bringDown, builtInPid } from '../engine/builtin.ts';
import { homeIdIn } from '../home.ts';
import { removeImages } from '../image/image-removal.ts';
import { OwnImages } from '../image/own-images.ts';
import { saidOf } from '../lab/languages.ts';
import { makeOwnFolder } from '../own-files.ts';
import { packagesOf } from '../packages.ts';
import { emptyResult } from '../report/result.ts';
import { Trouble, Usage } from '../trouble.ts';
import { visibleValue } from '../visible.ts';
import { carryOut } from '../world/removal.ts';
import type { Desk } from './desk.ts';
import { whyLeftOut } from './hold.ts';
import { whose } from './image-rm.ts';
import {
  foreignIn,
  type HeldRest,
  holdRest,
  type OwnPath,
  ownPaths,
  removeEmpty,
  removePaths,
  sharedTarballs,
} from './own-paths.ts';
import { printed } from './printed.ts';
import { finishUnread } from './signals.ts';
import { enginesOf, lookAtEngine, type OnEngine, runsElsewhere } from './uninstall-engine.ts';

interface Plan {
  engines: OnEngine[];
  /** Why the built-in engine could not be looked into, if so. */
  unseen: string | null;
  held: HeldRest;
  /** Runs on engines that were not looked at: they stay. */
  elsewhere: ReadonlySet<string>;
  paths: OwnPath[];
  /** What stays, in the reader's words. */
  stays: string[];
  packages: string[];
}

/**
 * Removes all that pglab made on this machine for this home: what runs made, images, the built-in engine, caches,
 * journals, the home; shows it first, asks, and looks again afterwards. Killed, it is gone on with by the next one.
 */
export async function uninstall(
  desk: Desk,
  { dryRun, adopted }: { dryRun: boolean; adopted: boolean },
): Promise<number> {
  const { settings, content, screen } = desk;
  const say = (key: 'uninstall-nothing' | 'uninstall-done' | 'ask-reset') => content.say('messages', key);
  const plan = await planned(desk, { adopted, mayBringUp: !dryRun });
  const stop = dryRun ? () => {} : finishUnread();
  try {
    const told = asTold(plan);
    const envelope = emptyResult(desk.folders.id, null);
    if (told.removed.length === 0)
      return printed(desk, envelope, { uninstall: told }, () => {
        screen.line(say('uninstall-nothing'));
        showStays(desk, plan);
      });
    if (settings.format === 'text') show(desk, plan);
    if (dryRun) {
      const { removed, ...rest } = told;
      return printed(desk, envelope, { uninstall: { plan: removed, ...rest } }, () => {});
    }
    await refuseIfNotOurs(desk, plan, adopted);
    if (!settings.yes) {
      if (!settings.interactive) throw new Usage('removal-needs-yes', { again: 'pglab uninstall --dry-run' });
      const { confirm } = await import('../terminal/ask.ts');
      if (!(await confirm(desk, say('ask-reset')))) return 0;
    }
    await carriedOut(desk, plan);
    return printed(desk, envelope, { uninstall: told }, () => screen.line(say('uninstall-done')));
  } finally {
    stop();
    release(plan);
  }
}

/** Once: the locks go with the folders of their runs. */
function release({ engines, held }: Plan): void {
  for (const { locked } of engines.splice(0)) locked.close();
  for (const lock of held.locks.splice(0)) lock.release();
}

async function planned(
  desk: Desk,
  { adopted, mayBringUp }: { adopted: boolean; mayBringUp: boolean },
): Promise<Plan> {
  const { settings, content } = desk;
  const { home } = settings;
  if (existsSync(home)) makeOwnFolder(home);
  const hasBuiltIn = existsSync(builtIn(home).data);
  const { engines: reached, unseen } = existsSync(home)
    ? await enginesOf(desk, hasBuiltIn, mayBringUp)
    : { engines: [], unseen: null };
  const id = existsSync(home) ? homeIdIn(home) : null;
  const engines: OnEngine[] = [];
  const found = runsElsewhere(home, reached);
  const elsewhere = new Set(found.map(({ run }) => run));
  const runs = new Set(elsewhere);
  for (const engine of reached) {
    const looked = await lookAtEngine(desk, engine, { id, adopted, held: runs });
    engines.push(looked);
    for (const { run } of looked.locked.open) runs.add(run);
    for (const run of looked.locked.leftOut.keys()) runs.add(run);
  }
  const held = holdRest(home, runs);
  const stays = [
    ...found.map((each) => content.say('messages', 'uninstall-elsewhere', { ...each, home: id ?? '' })),
    ...engines.flatMap(({ usedImages }) =>
      usedImages.length > 0 ? whose(desk, usedImages).split('\n') : [],
    ),
    ...engines.flatMap(({ kept, engine }) =>
      // On the built-in engine it is no stay: it goes along, or stops all of it.
      engine.info.builtIn
        ? []
        : kept.map(({ kind, name }) => `${content.say('messages', kind)} ${visibleValue(name)}`),
    ),
    ...[...sharedTarballs(settings.tarballs), ...(await foreignIn(home))],
  ];
  const paths = await ownPaths(home, elsewhere);
  return { engines, unseen, held, elsewhere, paths, stays, packages: packagesOf(home) };
}

function asTold({ engines, paths, stays, packages }: Plan) {
  const removed = [
    ...engines.flatMap(({ things }) => things.map(({ kind, name }) => ({ kind, name }))),
    ...engines.flatMap(({ images }) =>
      images.flatMap(({ names }) => names.map((name) => ({ kind: 'image', name }))),
    ),
    ...paths.map(({ kind, path }) => ({ kind, name: path })),
  ];
  return { removed, stays, packages };
}

function show({ content, screen, settings }: Desk, plan: Plan): void {
  const { removed, packages } = asTold(plan);
  screen.line(content.say('messages', 'uninstall-plan', { count: removed.length }));
  const kinds = {
    ...{ container: 'container', volume: 'volume', network: 'network', folder: 'folder', image: 'an-image' },
    ...{ engine: 'uninstall-engine', cache: 'uninstall-cache', run: 'uninstall-run', home: 'uninstall-home' },
  } satisfies Record<string, MessageKey>;
  for (const { kind, name } of removed)
    screen.line(`  ${content.say('messages', kinds[kind as keyof typeof kinds])} ${visibleValue(name)}`);
  const pid = builtInPid(builtIn(settings.home));
  if (pid !== null) screen.line(`  ${content.say('messages', 'uninstall-process', { pid })}`);
  if (plan.unseen !== null)
    screen.line(`  ${content.say('messages', 'uninstall-unseen', { why: plan.unseen })}`);
  showStays({ content, screen }, plan);
  if (packages.length > 0)
    screen.line(content.say('messages', 'uninstall-packages', { packages: packages.join(' ') }));
  screen.line(content.say('messages', 'uninstall-program'));
}

function showStays({ content, screen }: Pick<Desk, 'content' | 'screen'>, { stays }: Plan): void {
  if (stays.length > 0) screen.line(content.say('messages', 'uninstall-stays'));
  for (const each of stays) screen.line(`  ${each}`);
}

/** What others use now is not ours to end; and what nobody looked at may be anybody's. */
async function refuseIfNotOurs(desk: Desk, plan: Plan, adopted: boolean): Promise<void> {
  const { engines, held, unseen } = plan;
  if (unseen !== null && !adopted) throw new Trouble('uninstall-unseen', { why: unseen });
  await refuseForStrangers(desk, engines);
  for (const each of [...engines.map(({ locked }) => locked), held])
    if (each.leftOut.size > 0) throw new Trouble('uninstall-runs-in-use', { runs: whyLeftOut(desk, each) });
}

/** What others made is nowhere else once the built-in engine is gone. */
async function refuseForStrangers({ content }: Desk, engines: readonly OnEngine[]): Promise<void> {
  const strangers = (await Promise.all(engines.map((each) => each.strangers()))).flat();
  const names = strangers.map(({ kind, name }) => `${content.say('messages', kind)} ${visibleValue(name)}`);
  if (names.length > 0) throw new Trouble('uninstall-not-ours', { names: names.join('\n') });
}

/** In an order in which the next one finds what is left: what labels tell of first, the home's id last. */
async function carriedOut(desk: Desk, plan: Plan): Promise<void> {
  const { engines, paths, elsewhere } = plan;
  const { settings, content } = desk;
  const { home } = settings;
  const thing = (kind: MessageKey, name: string) => `${content.say('messages', kind)} ${visibleValue(name)}`;
  const left: string[] = [];
  for (const { engine, scope, things, images } of engines) {
    const outcome = await carryOut(engine, scope, things, () => {});
    left.push(
      ...outcome.failed.map(({ item, why }) => saidOf(content.language, thing(item.kind, item.name), why)),
    );
    left.push(...outcome.left.map(({ kind, name }) => thing(kind, name)));
    const { failed } = await removeImages(engine, new OwnImages(home), images);
    left.push(...failed.map(({ name, why }) => saidOf(content.language, thing('an-image', name), why)));
  }
  if (left.length > 0) throw incomplete(left);
  // Somebody may have made something while the question stood.
  await refuseForStrangers(desk, engines);
  const network = (await bringDown(builtIn(home))) ?? [];
  const failed = await removePaths(paths);
  release(plan);
  removeEmpty(home);
  // Looked at again: what a pglab made that began meanwhile is there, too.
  const there = (await ownPaths(home, elsewhere)).map(
    ({ path }) => failed.find((each) => each.path === path) ?? { path, why: '' },
  );
  left.push(...there.map(({ path, why }) => (why === '' ? path : saidOf(content.language, path, why))));
  left.push(...network);
  if (left.length > 0) throw incomplete(left);
}

function incomplete(left: readonly string[]): Trouble {
  return new Trouble('uninstall-incomplete', { count: left.length, names: left.join('\n') });
}
