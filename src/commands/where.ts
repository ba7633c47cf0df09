import type { NoteKey } from '../content-keys.ts';
import type { Engine } from '../engine/types.ts';
import { openHome } from '../home.ts';
import { damageOf } from '../journal/damage.ts';
import { labChange } from '../journal/lab-of-run.ts';
import { isOther, pinnedEngine } from '../journal/pin.ts';
import { finishedOf, nextStep, progressOf, type Standing, type StepProgress } from '../journal/standing.ts';
import { fingerprintOf } from '../lab/find.ts';
import { loadLab } from '../lab/load.ts';
import { allDone } from '../report/all-done.ts';
import { emptyResult } from '../report/result.ts';
import { dotsOf } from '../terminal/dots.ts';
import { Trouble } from '../trouble.ts';
import { shortId, type Values } from '../values.ts';
import { driftOf } from '../world/drift.ts';
import { World } from '../world/world.ts';
import { wrap } from '../wrap.ts';
import type { Desk } from './desk.ts';
import { sayIfNew } from './new-run.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';
import { sayUnderWay, type UnderWay, underWay } from './under-way.ts';

/** To read, to guess and to see it run. */
const MINUTES_A_STEP = 2.5;

/**
 * Where am I, and what is next: three lines from the journal, and what has changed since on the engine;
 * a run that knows no engine yet asks none.
 */
export async function where(desk: Desk): Promise<number> {
  const { steps, reading, content, screen, run } = desk;
  sayIfNew(desk, { begins: false });
  const progress = progressOf(steps, reading.standing);
  const upcoming = nextStep(progress);
  const finished = finishedOf(progress);
  const leftOut = progress.filter(({ outcome }) => outcome === 'skipped').length;
  const now = underWay(desk);
  const changed = await changesSince(desk);
  const extra = {
    where: {
      finished,
      of: steps.length,
      next: upcoming?.id ?? null,
      interrupted: now === null && (upcoming?.interrupted ?? false),
      underWay: now,
      changed,
    },
  };
  return printed(desk, emptyResult(desk.folders.id, run), extra, () => {
    const dots = dotsOf(progress, now?.step);
    const at =
      run === null
        ? content.say('messages', 'where-nowhere', { of: steps.length })
        : content.say('messages', 'where', { run, finished: finished - leftOut, of: steps.length });
    if (finished === 0) {
      const minutes = Math.round(steps.length * MINUTES_A_STEP);
      write(
        desk,
        content.say('messages', 'first-contact', { lab: desk.folders.id, of: steps.length, minutes }),
      );
    }
    write(desk, [dots, at].filter(Boolean).join('  '));
    if (leftOut > 0) screen.line(content.say('messages', 'where-left-out', { count: leftOut }));
    showChanges(desk, changed);
    for (const { id, interrupted } of progress) {
      if (interrupted && id !== upcoming?.id && id !== now?.step)
        screen.line(content.say('messages', 'where-also', { step: id }));
    }
    sayWhatNext(desk, { upcoming, now, hasFinished: finished > 0 });
  });
}

function sayWhatNext(
  desk: Desk,
  {
    upcoming,
    now,
    hasFinished,
  }: { upcoming: StepProgress | null; now: UnderWay | null; hasFinished: boolean },
): void {
  const { steps, reading, content, stem } = desk;
  if (now) {
    sayUnderWay(desk, now);
    write(
      desk,
      content.say('messages', now.byHand ? 'under-way-how' : 'under-way-run-how', { step: now.step }),
    );
    return;
  }
  if (!upcoming) {
    for (const text of allDone(content, steps, reading.standing)) write(desk, text);
    return;
  }
  const number = steps.indexOf(upcoming.id) + 1;
  const key = upcoming.interrupted ? 'where-interrupted' : 'where-next';
  const title = content.title(stem(upcoming.id));
  write(desk, content.say('messages', key, { number, title, step: upcoming.id }));
  const how = reading.standing.byHand ? 'where-how-by-hand' : 'where-how';
  write(desk, content.say('messages', how, { step: upcoming.id }));
  if (hasFinished) write(desk, content.say('messages', 'way-back'));
}

function write({ screen }: Desk, text: string): void {
  for (const line of wrap(text, screen.columns)) screen.line(line);
}

export function showChanges({ content, screen }: Desk, changes: readonly Change[]): void {
  for (const { note, values } of changes) {
    for (const [at, line] of wrap(content.say('notes', note, values), screen.columns - 2).entries()) {
      screen.line(screen.paint('yellow', `${at === 0 ? '·' : ' '} ${line}`));
    }
  }
}

interface Change {
  note: NoteKey;
  values: Values;
}

/** What the world has become since; an engine that is gone, or another one, is a change like any. */
export async function changesSince(desk: Desk): Promise<Change[]> {
  const { reading, settings, run, folders } = desk;
  const { standing } = reading;
  const edited = labChange(standing, fingerprintOf(folders));
  const damage: Change[] = [...damageOf(desk.steps, reading), ...(edited ? [edited] : [])];
  const pinned = pinnedEngine(standing);
  if (run === null || pinned === null) return damage;
  const was = pinned.endpoint;
  try {
    const engine = await engineFor(settings);
    if (isOther(standing, engine)) {
      const is = engine.info.endpoint;
      return [
        ...damage,
        { note: was === is ? 'drift-engine-replaced' : 'drift-engine', values: { was, is } },
      ];
    }
    const owner = { run, home: openHome(settings.home).id, lab: folders.id };
    const lab = await loadLab(folders);
    desk.content.know(lab);
    const world = new World(engine, owner, standing, lab.settings.service);
    const changed = await driftOf(lab, world, standing);
    return [...damage, ...changed, ...(await imageChange(engine, standing))];
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return [...damage, { note: 'drift-no-engine', values: { was } }];
  }
}

/** A change where the image's name now means another image or none. `next` says the same when it looks the image up. */
async function imageChange(engine: Engine, { image }: Standing): Promise<Change[]> {
  if (image === null) return [];
  const { ref, id } = image;
  const now = await engine.image(ref);
  if (now?.id === id) return [];
  if (!(await engine.image(id))) return [{ note: 'image-gone', values: { ref, was: shortId(id) } }];
  if (now) return [{ note: 'tag-moved', values: { ref, was: shortId(id), is: shortId(now.id) } }];
  return [{ note: 'tag-gone', values: { ref, was: shortId(id) } }];
}
