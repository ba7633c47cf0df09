import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { MessageKey } from '../content-keys.ts';
import type { Engine } from '../engine/types.ts';
import { isAnonymous } from '../engine/volumes.ts';
import { shellWord } from '../grammar.ts';
import { journalFile, openHome } from '../home.ts';
import { archive as archivePass } from '../journal/passes.ts';
import { inBrackets, saidOf } from '../lab/languages.ts';
import { loadLab } from '../lab/load.ts';
import { LABEL } from '../names.ts';
import { emptyResult } from '../report/result.ts';
import { homeTrouble, Trouble, Usage } from '../trouble.ts';
import { shortId } from '../values.ts';
import { visibleValue } from '../visible.ts';
import { carryOut } from '../world/removal.ts';
import { type Kept, keptOf, labelledThings, measured, planReset } from '../world/reset-plan.ts';
import type { PlanItem, Scope } from '../world/reset-scope.ts';
import type { Desk } from './desk.ts';
import { ifThereIsRoom, type Locked, lockAll, whyLeftOut } from './hold.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';
import { chosenSteps, type ResetOptions, runsMeant, scopeOf } from './reset-asked.ts';
import { finishUnread } from './signals.ts';

/** Takes away what runs made, after showing what that is; archives their journals. */
export async function reset(desk: Desk, names: string[], options: ResetOptions): Promise<number> {
  const { settings } = desk;
  requireSense(names, options);
  if (!options.allRuns && desk.run === null) return nothing(desk);
  const steps = await chosenSteps(desk, names);
  const home = openHome(settings.home);
  const owner = options.home ?? home.id;
  const engine = await engineFor(settings);
  const isOwn = owner === home.id;
  const locked = lockAll(desk, engine, isOwn ? runsMeant(desk, options) : [], options.allRuns);
  // Half a reset must not look like a whole one, though nobody reads what it says to the end.
  const stop = options.dryRun ? () => {} : finishUnread();
  try {
    const scope = scopeOf(desk, locked, steps, { owner, isOwn, ...options });
    const planned = await plannedOf(desk, engine, scope, options);
    const { plan, byHand, others } = planned;
    const kept = [...byHand, ...others];
    const isUnknown = locked.open.every(({ journal }) => journal === null);
    if (plan.length + byHand.length === 0 && !options.allRuns && isUnknown) return nothing(desk);
    if (settings.format === 'text') await show(desk, engine, planned, scope, options);
    if (options.dryRun)
      return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { plan, kept } }, () => {});
    // What the journal tells is needed still to remove it.
    const isWhole = !options.allRuns && steps === null;
    if (isWhole && plan.length === 0 && byHand.length > 0) return onlyByHand(desk, kept);
    if (plan.length > 0 && !(await mayRemove(desk))) return 0;
    locked.announce(plan.length, steps && { ids: steps.ids, named: names });
    const again = commandOf(names, options);
    const removed = await removeOrSay(desk, engine, scope, plan, { ...locked, kept, again });
    if (steps) locked.append([{ type: 'steps-reset', ...{ steps: steps.ids, names: steps.names } }]);
    else archive(desk, locked);
    if (locked.leftOut.size > 0) throw new Trouble('runs-left-out', { runs: whyLeftOut(desk, locked) });
    const ofAll = isOwn ? 'reset-all-done' : 'reset-home-done';
    const key = steps ? 'reset-steps-done' : options.allRuns ? ofAll : 'reset-run-done';
    const said = { key, steps: steps?.ids.join(', ') ?? '', home: owner } as const;
    return done(desk, { plan, removed, kept }, said);
  } finally {
    stop();
    locked.close();
  }
}

/** Wrong usage where what was asked for cannot go together. */
function requireSense(names: readonly string[], { allRuns, home }: ResetOptions): void {
  if (names.length > 0 && allRuns) throw new Usage('steps-and-all-runs');
  if (home !== null && !allRuns) throw new Usage('home-without-all-runs');
}

/** Says what was removed, and returns the exit code. */
function done(
  desk: Desk,
  { plan, removed, kept }: Record<'plan' | 'removed' | 'kept', readonly PlanItem[]>,
  { key, ...values }: { key: MessageKey; steps: string; home: string },
): number {
  return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { removed, kept } }, () => {
    sayBeyond(desk, plan, removed);
    desk.screen.line(desk.content.say('messages', key, { ...values, count: removed.length }));
  });
}

/** What things of the run are called; a lab that cannot be used any more keeps no reset from its work. */
async function knowLab({ content, folders }: Desk): Promise<void> {
  const lab = await loadLab(folders).catch((error: unknown) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
  if (lab) content.know(lab);
}

/** What came into being after the plan was shown, and was removed as well. */
function sayBeyond({ content, screen }: Desk, plan: readonly PlanItem[], removed: readonly PlanItem[]): void {
  const beyond = removed.filter(({ id }) => plan.every((item) => item.id !== id));
  if (beyond.length > 0) screen.line(content.say('messages', 'reset-beyond', { count: beyond.length }));
  for (const { kind, name, worldName } of beyond) {
    const what = isAnonymous(name) ? `${shortId(name)}…` : visibleValue(name);
    const role = content.roleOf(worldName, kind);
    const remark = role === '' ? '' : inBrackets(content.language, role);
    screen.line(`  ${content.say('messages', kind)} ${what}${remark}`);
  }
}

async function mayRemove(desk: Desk): Promise<boolean> {
  const { settings, content } = desk;
  if (settings.yes) return true;
  if (!settings.interactive) throw new Usage('reset-needs-yes');
  const { confirm } = await import('../terminal/ask.ts');
  return confirm(desk, content.say('messages', 'ask-reset'));
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
  const outcome = await carryOut(engine, scope, plan, (happened) => ifThereIsRoom(() => append(happened)));
  conclude(outcome, kept);
  const { removed, failed, left } = outcome;
  const say = (key: MessageKey) => content.say('messages', key);
  const all = [...failed, ...left.map((item) => ({ item, why: say('still-there') }))];
  if (all.length === 0) return removed;
  const named = all
    .map(({ item, why }) => saidOf(content.language, `${say(item.kind)} ${visibleValue(item.name)}`, why))
    .join('\n');
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

/** Nothing of ours is left, and what the learner made goes with another word. */
function onlyByHand(desk: Desk, kept: readonly PlanItem[]): number {
  const extra = { reset: { removed: [], kept } };
  return printed(desk, emptyResult(desk.folders.id, desk.run), extra, () =>
    desk.screen.line(desk.content.say('messages', 'reset-only-by-hand')),
  );
}

/** What goes and what is left; measured where somebody reads it, all at once. */
async function plannedOf(
  desk: Desk,
  engine: Engine,
  scope: Scope,
  { dryRun, allRuns }: ResetOptions,
): Promise<Kept & { plan: PlanItem[] }> {
  const { settings } = desk;
  const isNamed = settings.format === 'text' && !allRuns;
  // The lab is read while the engine answers.
  const [plan] = await Promise.all([planReset(engine, scope), isNamed && turn().then(() => knowLab(desk))]);
  const kept = await keptOf(engine, scope, plan);
  // Who asks wants to know how much it is; who does not, wants it gone.
  if (!dryRun && !settings.interactive && plan.length > 0) return { plan, ...kept };
  const all = await measured(engine, [...plan, ...kept.byHand]);
  return { ...kept, plan: all.slice(0, plan.length), byHand: all.slice(plan.length) };
}

function nothing(desk: Desk): number {
  const { content, screen } = desk;
  return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { removed: [] } }, () =>
    screen.line(content.say('messages', 'reset-nothing')),
  );
}

async function show(
  desk: Desk,
  engine: Engine,
  { plan, byHand, others: left }: Kept & { plan: readonly PlanItem[] },
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
      // Runs may be of several labs, with names of their own.
      const reason = [allRuns ? of : content.roleOf(worldName, kind), reasonOf(item)];
      const large = size === null ? '' : `  ${(size / 1e6).toFixed(1)} MB`;
      const told = reason.filter(Boolean);
      const remark = told.length === 0 ? '' : inBrackets(content.language, ...told);
      screen.line(`  ${say(kind)} ${what}${remark}${large}`);
    }
  };
  list(plan, ({ why }) => say(why));
  if (byHand.length > 0) screen.line(say('reset-by-hand', { count: byHand.length }));
  list(byHand, () => '');
  if (byHand.length > 0) screen.line(say('reset-word'));
  if (left.length > 0) screen.line(say('reset-keeps', { count: left.length }));
  list(left, () => '');
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
      archivePass(file);
    } catch (cause) {
      // Where the home was removed meanwhile there is nothing to keep.
      if (existsSync(file)) throw homeTrouble(file, cause);
    }
  }
}
