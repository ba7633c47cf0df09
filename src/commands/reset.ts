import { existsSync, renameSync } from 'node:fs';
import type { MessageKey } from '../content-keys.ts';
import type { Engine } from '../engine/types.ts';
import { isAnonymous } from '../engine/volumes.ts';
import { shellWord } from '../grammar.ts';
import { filesFolder, journalFile, openHome, runFolder, runsOf } from '../home.ts';
import { loadLab } from '../lab/load.ts';
import { LABEL } from '../names.ts';
import { emptyResult } from '../report/result.ts';
import { confirm } from '../terminal/ask.ts';
import { homeTrouble, Trouble, Usage } from '../trouble.ts';
import { shortId } from '../values.ts';
import { visibleValue } from '../visible.ts';
import { carryOut } from '../world/removal.ts';
import {
  keptOf,
  labelledThings,
  measured,
  ownFiles,
  planReset,
  withDependents,
} from '../world/reset-plan.ts';
import type { PlanItem, Scope } from '../world/reset-scope.ts';
import { checkedStep, type Desk } from './desk.ts';
import { ifThereIsRoom, type Locked, lockAll, whyLeftOut } from './hold.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';
import { finishUnread } from './signals.ts';

export interface ResetOptions {
  dryRun: boolean;
  allRuns: boolean;
  adopted: boolean;
  /** Another home, by its id: whose things go with a second explicit word only. */
  home: string | null;
}

/** Takes away what runs made, after showing what that is; archives their journals. */
export async function reset(desk: Desk, names: string[], options: ResetOptions): Promise<number> {
  const { settings, content } = desk;
  if (names.length > 0 && options.allRuns) throw new Usage('steps-and-all-runs');
  if (options.home !== null && !options.allRuns) throw new Usage('home-without-all-runs');
  if (!options.allRuns && desk.run === null) return nothing(desk);
  const steps = await chosenSteps(desk, names);
  const home = openHome(settings.home);
  const owner = options.home ?? home.id;
  const engine = await engineFor(settings);
  const isOwn = owner === home.id;
  const locked = lockAll(desk, engine, isOwn ? runsMeant(desk, options) : [], options.allRuns);
  // Half a reset must not look like a whole one, whoever stops reading what it says.
  const stop = options.dryRun ? () => {} : finishUnread();
  try {
    const scope = scopeOf(desk, locked, steps, { owner, isOwn, ...options });
    const bare = await planReset(engine, scope);
    const kept = await keptOf(engine, scope, bare);
    if (bare.length === 0 && !options.allRuns && locked.open.every(({ journal }) => journal === null)) {
      return nothing(desk);
    }
    // Sizes take the engine seconds: they are asked for only where somebody reads the plan before it is done.
    const plan = options.dryRun || settings.interactive ? await measured(engine, bare) : bare;
    if (settings.format === 'text') await show(desk, engine, { plan, kept }, scope, options);
    if (options.dryRun)
      return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { plan, kept } }, () => {});
    if (!settings.yes) {
      if (!settings.interactive) throw new Usage('reset-needs-yes');
      if (!(await confirm(content.say('messages', 'ask-reset')))) return 0;
    }
    locked.announce(plan.length, steps && { ids: steps.ids, named: names });
    const removed = await removeOrSay(desk, engine, scope, plan, {
      ...locked,
      kept,
      again: commandOf(names, options),
    });
    if (steps) locked.append({ type: 'steps-reset', ...{ steps: steps.ids, names: steps.names } });
    else archive(desk, locked);
    if (locked.leftOut.size > 0) throw new Trouble('runs-left-out', { runs: whyLeftOut(desk, locked) });
    const ofAll = isOwn ? 'reset-all-done' : 'reset-home-done';
    const key = steps ? 'reset-steps-done' : options.allRuns ? ofAll : 'reset-run-done';
    const values = { count: removed.length, steps: steps?.ids.join(', ') ?? '', home: owner };
    return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { removed, kept } }, () => {
      sayBeyond(desk, plan, removed);
      desk.screen.line(content.say('messages', key, values));
    });
  } finally {
    stop();
    locked.close();
  }
}

/** What came into being after the plan was shown, and was removed as well. */
function sayBeyond({ content, screen }: Desk, plan: readonly PlanItem[], removed: readonly PlanItem[]): void {
  const beyond = removed.filter(({ id }) => plan.every((item) => item.id !== id));
  if (beyond.length > 0) screen.line(content.say('messages', 'reset-beyond', { count: beyond.length }));
  for (const { kind, name, worldName } of beyond) {
    const what = isAnonymous(name) ? `${shortId(name)}…` : visibleValue(name);
    screen.line(`  ${content.say('messages', kind)} ${what}${worldName === '' ? '' : ` (${worldName})`}`);
  }
}

/** Removes what is planned; trouble that names all that could not be removed. */
async function removeOrSay(
  { content }: Desk,
  engine: Engine,
  scope: Scope,
  plan: readonly PlanItem[],
  {
    append,
    conclude,
    kept,
    again,
  }: Pick<Locked, 'append' | 'conclude'> & { kept: PlanItem[]; again: string },
): Promise<PlanItem[]> {
  const outcome = await carryOut(engine, scope, plan, (event) => ifThereIsRoom(() => append(event)));
  conclude(outcome, kept);
  const { removed, failed, left } = outcome;
  const say = (key: MessageKey) => content.say('messages', key);
  const all = [...failed, ...left.map((item) => ({ item, why: say('still-there') }))];
  if (all.length === 0) return removed;
  const named = all.map(({ item, why }) => `${say(item.kind)} ${visibleValue(item.name)}: ${why}`).join('\n');
  throw new Trouble('reset-incomplete', { count: all.length, names: named, again });
}

/** The command of this reset, as one would type it again. */
function commandOf(names: readonly string[], { allRuns, adopted, home }: ResetOptions): string {
  const flags = [
    allRuns ? '--all-runs' : '',
    adopted ? '--adopted' : '',
    home === null ? '' : `--home ${shellWord(home)}`,
  ];
  return ['pglab reset', ...names.map(shellWord), ...flags].filter(Boolean).join(' ');
}

function nothing(desk: Desk): number {
  const { content, screen } = desk;
  return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { removed: [] } }, () =>
    screen.line(content.say('messages', 'reset-nothing')),
  );
}

/** The steps that were named and those that build on them, with the names they make. */
async function chosenSteps(desk: Desk, names: readonly string[]) {
  if (names.length === 0) return null;
  const lab = await loadLab(desk.folders);
  const ids = withDependents(
    lab,
    names.map((name) => checkedStep(desk, name)),
  );
  const made = lab.steps.flatMap(({ id, world = {} }) => (ids.includes(id) ? Object.keys(world) : []));
  return { ids, names: made, files: ownFiles(lab, ids) };
}

function runsMeant({ settings, run }: Desk, { allRuns }: ResetOptions): string[] {
  if (allRuns) return runsOf(settings.home);
  return run === null ? [] : [run];
}

function scopeOf(
  { settings, run, folders: { id: lab } }: Desk,
  { open, leftOut }: Locked,
  steps: Awaited<ReturnType<typeof chosenSteps>>,
  { allRuns, adopted, owner, isOwn }: ResetOptions & { owner: string; isOwn: boolean },
): Scope {
  // A run has its journal before it makes anything: one that we do not hold was begun after we looked.
  const isBegunMeanwhile = (of: string) =>
    open.every((held) => held.run !== of) && existsSync(journalFile(settings.home, of));
  const files = steps === null || steps.files ? open : [];
  return {
    labels: { [LABEL.home]: owner, ...(allRuns ? {} : { [LABEL.run]: run ?? '' }) },
    lab: allRuns ? null : lab,
    runs: open.map((held) => ({ run: held.run, home: owner, lab })),
    standings: open.flatMap(({ journal }) => (journal ? [journal.standing] : [])),
    steps: steps && new Set(steps.ids),
    names: steps && new Set(steps.names),
    folders: files.map((held) => ({
      run: held.run,
      path: filesFolder(runFolder(settings.home, held.run)),
    })),
    adopted,
    isSpared: (of) => leftOut.has(of) || (isOwn && isBegunMeanwhile(of)),
  };
}

async function show(
  desk: Desk,
  engine: Engine,
  { plan, kept }: { plan: readonly PlanItem[]; kept: readonly PlanItem[] },
  { labels }: Scope,
  { allRuns }: ResetOptions,
): Promise<void> {
  const { content, screen, run } = desk;
  const say = (key: MessageKey, values = {}) => content.say('messages', key, values);
  const head = allRuns ? 'reset-plan-all' : 'reset-plan';
  screen.line(say(head, { run: run ?? '', home: String(labels[LABEL.home]), count: plan.length }));
  const list = (items: readonly PlanItem[], reasonOf: (item: PlanItem) => string) => {
    for (const item of items) {
      const { kind, name, run: of, worldName, size } = item;
      const what = isAnonymous(name) ? `${shortId(name)}…` : visibleValue(name);
      const reason = [worldName, allRuns ? of : '', reasonOf(item)];
      const large = size === null ? '' : `  ${(size / 1e6).toFixed(1)} MB`;
      screen.line(`  ${say(kind)} ${what} (${reason.filter(Boolean).join(', ')})${large}`);
    }
  };
  list(plan, ({ why }) => say(why));
  if (kept.length > 0) screen.line(say('reset-keeps', { count: kept.length }));
  list(kept, () => '');
  if (!allRuns) return;
  const others = await otherHomes(engine, String(labels[LABEL.home]));
  for (const [home, count] of others) screen.line(say('reset-other-home', { home, count }));
}

/** Homes that have something on this engine, other than this one, and how many things. */
async function otherHomes(engine: Engine, own: string): Promise<Map<string, number>> {
  const homes = new Map<string, number>();
  for (const { home } of await labelledThings(engine)) {
    if (home !== own) homes.set(home, (homes.get(home) ?? 0) + 1);
  }
  return homes;
}

function archive({ settings }: Desk, { open }: Locked): void {
  for (const { run, journal } of open) {
    if (journal === null) continue;
    const file = journalFile(settings.home, run);
    try {
      renameSync(file, file.replace(/\.jsonl$/, `.${Date.now()}.archived.jsonl`));
    } catch (cause) {
      // Where the home was removed meanwhile there is nothing to keep.
      if (existsSync(file)) throw homeTrouble(file, cause);
    }
  }
}
