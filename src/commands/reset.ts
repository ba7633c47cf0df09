import { renameSync } from 'node:fs';
import type { Engine } from '../engine/types.ts';
import { loadLab } from '../lab/load.ts';
import { takeLock } from '../lock.ts';
import { emptyResult } from '../report/result.ts';
import type { JournalLine } from '../runner/events.ts';
import { filesFolder, journalFile, openHome, runFolder, runsOf } from '../runner/home.ts';
import { openJournal, readJournal } from '../runner/journal.ts';
import { requireSameEngine } from '../runner/pin.ts';
import {
  carryOut,
  measured,
  ownFiles,
  type PlanItem,
  planReset,
  type Scope,
  withDependents,
} from '../runner/reset.ts';
import { LABEL } from '../runner/world.ts';
import { confirm } from '../terminal/ask.ts';
import { Trouble, Usage } from '../trouble.ts';
import { checkedStep, type Desk } from './desk.ts';
import { printed } from './printed.ts';
import { engineFor } from './stage.ts';

export interface ResetOptions {
  dryRun: boolean;
  allRuns: boolean;
  adopted: boolean;
  /** Another home, by its id: whose things go with a second explicit word only. */
  home: string | null;
}

/** Takes away what runs made, after showing what that is; archives their journals. */
export async function reset(desk: Desk, names: string[], options: ResetOptions): Promise<number> {
  const { settings, content, screen } = desk;
  if (names.length > 0 && options.allRuns) throw new Usage('steps-and-all-runs');
  if (options.home !== null && !options.allRuns) throw new Usage('home-without-all-runs');
  const steps = await chosenSteps(desk, names);
  const runs = runsMeant(desk, options);
  if (runs.length === 0 && !options.allRuns) return nothing(desk);
  const engine = await engineFor(settings);
  const locked = lockAll(desk, engine, runs, options.allRuns);
  try {
    const scope = scopeOf(desk, locked, steps, options);
    const bare = await planReset(engine, scope);
    // Who asks wants to know how much it is; who does not, wants it gone.
    const plan = options.dryRun || settings.interactive ? await measured(engine, bare) : bare;
    if (settings.format === 'text') await show(desk, engine, plan, scope, options);
    if (options.dryRun)
      return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { plan } }, () => {});
    if (!settings.yes) {
      if (!settings.interactive) throw new Usage('reset-needs-yes');
      if (!(await confirm(content.say('messages', 'ask-reset')))) return 0;
    }
    const outcome = await carryOut(engine, scope, plan, locked.record);
    const failed = [...outcome.failed, ...outcome.left.map((item) => ({ item, why: 'still there' }))];
    if (failed.length > 0) {
      const named = failed.map(({ item, why }) => `${item.kind} ${item.name}: ${why}`).join('\n');
      throw new Trouble('reset-incomplete', { count: failed.length, names: named });
    }
    if (steps) locked.record({ type: 'steps-reset', ...{ steps: steps.ids, names: steps.names } });
    else archive(desk, locked);
    if (locked.leftOut.size > 0) throw new Trouble('runs-left-out', { runs: whyLeftOut(desk, locked) });
    const { removed } = outcome;
    const key = steps ? 'reset-steps-done' : 'reset-done';
    return printed(desk, emptyResult(desk.folders.id, desk.run), { reset: { removed } }, () =>
      screen.line(
        content.say('messages', key, { count: removed.length, steps: steps?.ids.join(', ') ?? '' }),
      ),
    );
  } finally {
    locked.close();
  }
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

function runsMeant({ settings, run, reading }: Desk, { allRuns, home }: ResetOptions): string[] {
  if (home !== null) return [];
  if (allRuns) return runsOf(settings.home);
  return run === null || reading.events.length === 0 ? [] : [run];
}

interface Locked {
  open: { run: string; events: readonly JournalLine[] }[];
  /** Runs that are not ours to reset now (somebody writes them, they are on another engine), and why. */
  leftOut: Map<string, Trouble>;
  record: Parameters<typeof carryOut>[3];
  close(): void;
}

/** Opens the journals of these runs for writing; the only one that is meant must be had. */
function lockAll({ settings }: Desk, engine: Engine, runs: readonly string[], isOneOfMany: boolean): Locked {
  const leftOut: Locked['leftOut'] = new Map();
  const held: { run: string; journal: ReturnType<typeof openJournal>; unlock: () => void }[] = [];
  for (const run of runs) {
    try {
      const unlock = takeLock(runFolder(settings.home, run), run);
      try {
        const file = journalFile(settings.home, run);
        // What a run made lies on the engine it began on: on another there is nothing to take away.
        requireSameEngine(run, readJournal(file).events, engine);
        held.push({ run, journal: openJournal(file, settings.participant), unlock });
      } catch (error) {
        unlock();
        throw error;
      }
    } catch (error) {
      if (!isOneOfMany || !(error instanceof Trouble)) throw error;
      leftOut.set(run, error);
    }
  }
  return {
    open: held.map(({ run, journal }) => ({ run, events: journal.events })),
    leftOut,
    record: (event) => {
      const [only] = held;
      // With several runs, each journal is archived as it was.
      if (only && held.length === 1) only.journal.append(event);
    },
    close() {
      for (const { journal, unlock } of held) {
        journal.close();
        unlock();
      }
    },
  };
}

/** A line for each. */
function whyLeftOut({ content }: Desk, { leftOut }: Locked): string {
  const lines = [...leftOut].map(
    ([run, { code, values }]) => `${run}: ${content.say('troubles', code, values, 'message')}`,
  );
  return lines.join('\n');
}

function scopeOf(
  { settings, run }: Desk,
  { open, leftOut }: Locked,
  steps: Awaited<ReturnType<typeof chosenSteps>>,
  { allRuns, adopted, home }: ResetOptions,
): Scope {
  const owner = home ?? openHome(settings.home).id;
  return {
    labels: { [LABEL.home]: owner, ...(allRuns ? {} : { [LABEL.run]: run ?? '' }) },
    events: open.flatMap(({ events }) => events),
    steps: steps && new Set(steps.ids),
    names: steps && new Set(steps.names),
    folders:
      steps && !steps.files
        ? []
        : open.map(({ run: of }) => ({ run: of, path: filesFolder(runFolder(settings.home, of)) })),
    adopted,
    spared: new Set(leftOut.keys()),
  };
}

async function show(
  desk: Desk,
  engine: Engine,
  plan: readonly PlanItem[],
  { labels }: Scope,
  { allRuns }: ResetOptions,
): Promise<void> {
  const { content, screen, run } = desk;
  const say = (key: string, values = {}) => content.say('messages', key, values);
  const head = allRuns ? 'reset-plan-all' : 'reset-plan';
  screen.line(say(head, { run: run ?? '', home: String(labels[LABEL.home]), count: plan.length }));
  for (const { kind, name, run: of, worldName, why, size } of plan) {
    const what = kind === 'volume' ? name.slice(0, 40) : name;
    const reason = [worldName, allRuns ? of : '', why === 'labelled' && worldName ? '' : say(why)];
    const large = size === null ? '' : `  ${(size / 1e6).toFixed(1)} MB`;
    screen.line(`  ${say(kind)} ${what} (${reason.filter(Boolean).join(', ')})${large}`);
  }
  if (!allRuns) return;
  const others = await otherHomes(engine, String(labels[LABEL.home]));
  for (const [home, count] of others) screen.line(say('reset-other-home', { home, count }));
}

/** Homes that have something on this engine, other than this one, and how many containers. */
async function otherHomes(engine: Engine, own: string): Promise<Map<string, number>> {
  const homes = new Map<string, number>();
  for (const { labels } of await engine.containers({ [LABEL.home]: null })) {
    const home = labels[LABEL.home] ?? '';
    if (home !== own) homes.set(home, (homes.get(home) ?? 0) + 1);
  }
  return homes;
}

function archive({ settings }: Desk, { open }: Locked): void {
  for (const { run } of open) {
    const file = journalFile(settings.home, run);
    renameSync(file, file.replace(/\.jsonl$/, `.${Date.now()}.archived.jsonl`));
  }
}
