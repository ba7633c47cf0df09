/**
 * How a run stands: never stored, always folded from the lines of its journal. Everybody who asks what
 * happened in a run asks here; the lines themselves are read by nobody else.
 */
import { shortId, type Values } from '../values.ts';
import type { JournalLine, Line, PinnedImage } from './events.ts';
import { blankStep, isOpen, type StepStanding, takeLine, takeUndoing } from './step-standing.ts';
import { Things } from './things.ts';

/** Something of the learner's that was taken for a name. `isTry`: they made it while they did the step by hand. */
interface Try {
  line: Line<'adopted'>;
  isTry: boolean;
}

/**
 * Takes lines one by one, in order of seq, and stands after each as if it had taken all at once. The journal
 * that is being written keeps one: `journal.standing` grows with each line.
 *
 *     const { standing } = readJournal(file);
 *     standing.step('image').outcome; // 'met'
 *     standing.things.last('quiet', { type: 'made' })?.id; // '4f1c…'
 */
export class Standing {
  /** The seq of the last line; 0 where there is none. */
  seq = 0;
  /** Of the last line, RFC 3339; null where nothing tells. */
  lastAt: string | null = null;
  begun: Line<'run-started'> | null = null;
  /** The engine that the run was last on. */
  pin: Line<'engine-pinned'> | null = null;
  /**
   * What was on the engine when the run began there; null where that was never told, as by format 2: then what
   * was there when its first step by hand began. `volumes` null: not told.
   */
  there: { containers: ReadonlySet<string>; volumes: ReadonlySet<string> | null } | null = null;
  /** Whether the run has told of more than its engine and hints: from then on it goes on on no other engine. */
  isBound = false;
  /** Ids of containers that were there before, as the learner was told (`there-before`). */
  saidBefore = new Set<unknown>();
  /** The image that the run was last on. */
  image: PinnedImage | null = null;
  /** How its image was first got, where it was not there (`local`): a key of the messages, `image-…`. */
  imageHow = 'local';
  /** Host ports by placeholder: the one that was chosen, and the one that was wanted. */
  ports = new Map<string, { value: number; wanted: number }>();
  /** Folders of labs from outside the package, as the learner was told (`lab-outside`). */
  saidFolders = new Set<unknown>();
  /** What was said of the way to an engine: the note, and the endpoint. */
  saidOfWay = new Set<string>();
  /** False: the engine cannot mount folders of this machine. Null: nothing says so. */
  seesFolders: false | null = null;
  things = new Things();
  /** Each thing of the learner's that was ever taken for a name, as it was last told of. */
  tries = new Map<string, Try>();
  /** The learner works by hand, as they last chose. */
  byHand = false;
  /** A reset that began and did not end, where no step was begun, resumed or reset since. */
  resetUnderWay: Line<'reset-begun'> | null = null;
  lastLine: JournalLine | null = null;
  /** What commands and prose may use: chosen ports, and what met checks saw, as `check.value`. */
  values: Values = {};
  /** The values that this run's prose was last shown with, and the ids of what was made or adopted since. */
  told: Values = {};
  steps = new Map<string, StepStanding>();
  /** All lines that count, for when a reset of steps unsays some of them. */
  #lines: JournalLine[] = [];

  take(line: JournalLine): void {
    this.#lines.push(line);
    if (line.type === 'steps-reset') this.#forget(line);
    else this.#fold(line);
  }

  /** How this step stands; of a step that no line tells of, blank. */
  step(id: string): StepStanding {
    return this.steps.get(id) ?? blankStep(id);
  }

  /** Whether a step ended met, and its own world may be gone for good reason. */
  isFinished(id: string): boolean {
    return this.step(id).outcome === 'met';
  }

  /** Whether it was made in this run: it was not there when that began. No clock decides. */
  isMadeInRun(kind: 'container' | 'volume', id: string): boolean {
    const there = kind === 'container' ? this.there?.containers : this.there?.volumes;
    return there ? !there.has(id) : false;
  }

  /** What was told of these steps, and of the names they make, counts no more: the rest is folded anew. */
  #forget(reset: Line<'steps-reset'>): void {
    this.#lines = this.#lines.filter((line) => !isAbout(line, reset));
    const { tries } = this;
    Object.assign(this, new Standing());
    for (const line of this.#lines) this.#fold(line);
    // What the learner made is theirs still, and may be there still.
    this.tries = tries;
  }

  #fold(line: JournalLine): void {
    this.seq = line.seq;
    this.lastLine = line;
    if (line.at !== '') this.lastAt = line.at;
    this.#foldRun(line);
    this.#foldValues(line);
    if (line.type === 'lines-lost' || line.type === 'reset-begun')
      for (const step of this.steps.values()) takeUndoing(step, line);
    if ('step' in line && line.step !== null) {
      const step = this.step(line.step);
      this.steps.set(line.step, step);
      takeLine(step, line);
    }
  }

  #foldRun(line: JournalLine): void {
    if (!/^(run-started|engine-pinned|hinted)$/.test(line.type)) this.isBound = true;
    switch (line.type) {
      case 'run-started':
        this.begun ??= line;
        break;
      case 'engine-pinned':
        this.#foldPin(line);
        break;
      case 'image-pinned':
        this.image = line.image;
        if (this.imageHow === 'local') this.imageHow = line.how;
        break;
      case 'noted':
        this.#foldNote(line);
        break;
      case 'chosen':
        this.ports.set(line.name, line);
        break;
      case 'made':
      case 'adopted':
      case 'removed':
        this.things.take(line);
        if (line.type === 'adopted') this.tries.set(line.id, { line, isTry: this.#isTry(line) });
        break;
      case 'begun-anew':
        if (line.names) this.things.forget(line.names);
        break;
      case 'mode':
        this.byHand = line.byHand;
        break;
      case 'reset-begun':
        this.resetUnderWay = line;
        break;
      case 'step-started':
      case 'steps-reset':
      case 'step-resumed':
        this.resetUnderWay = null;
        if (line.type !== 'step-started' || !line.byHand) break;
        this.there ??= { containers: new Set(line.byHand.before), volumes: null };
        break;
    }
  }

  #foldPin(line: Line<'engine-pinned'>): void {
    this.pin = line;
    if (line.there) this.seesFolders = null;
    if (line.local === false) this.seesFolders = false;
    if (line.there)
      this.there = {
        containers: new Set(line.there.containers),
        volumes: new Set(line.there.volumes),
      };
  }

  #foldNote(line: Line<'noted'>): void {
    if (line.note === 'lab-outside') this.saidFolders.add(line.values.folder);
    if (/^engine-(in-clear|around)$/.test(line.note))
      this.saidOfWay.add(`${line.note} ${line.values.endpoint}`);
    if (/^folder(s-unseen|-with-colon)$/.test(line.note)) this.seesFolders = false;
    if (line.note === 'there-before') this.saidBefore.add(line.values.id);
  }

  /** Made while a step was done by hand, and not there when that began: it is a try at it, however it came out. */
  #isTry({ id }: Line<'adopted'>): boolean {
    return [...this.steps.values()].some(
      ({ attempt }) =>
        attempt?.started.byHand && !attempt.over && !attempt.started.byHand.before.includes(id),
    );
  }

  #foldValues(line: JournalLine): void {
    switch (line.type) {
      case 'chosen':
        this.values[line.name] = line.value;
        this.told[line.name] = line.value;
        break;
      case 'judged':
        if (line.check.outcome !== 'met') break;
        for (const [key, value] of Object.entries(line.check.values))
          this.values[`${line.check.id}.${key}`] = value;
        break;
      case 'step-started':
      case 'step-resumed':
      case 'checking':
      case 'watching':
      case 'step-ended':
      case 'checked':
        Object.assign(this.told, line.values);
        break;
      case 'made':
      case 'adopted':
        if (line.kind !== 'container') break;
        this.told[`${line.name}.id`] = line.id;
        this.told[`${line.name}.short`] = shortId(line.id);
        break;
    }
  }
}

/** The standing after all these lines, in order of seq. */
export function standingOf(lines: Iterable<JournalLine>): Standing {
  const standing = new Standing();
  for (const line of lines) standing.take(line);
  return standing;
}

function isAbout(line: JournalLine, { steps, names }: Line<'steps-reset'>): boolean {
  if ('step' in line && line.step !== null && steps.includes(line.step)) return true;
  return 'name' in line && line.type !== 'chosen' && names.includes(line.name);
}

export type StepProgress = Pick<StepStanding, 'id' | 'outcome' | 'interrupted'> & {
  /** The learner's words for leaving it out. */
  reason: string | null;
};

/** These steps in their order, done or not. */
export function progressOf(steps: readonly string[], standing: Standing): StepProgress[] {
  return steps.map((id) => {
    const { outcome, interrupted, skipped } = standing.step(id);
    return { id, outcome, interrupted, reason: outcome === 'skipped' ? (skipped?.reason ?? null) : null };
  });
}

/** The first step that is not finished, or null when all are. */
export function nextStep(progress: readonly StepProgress[]): StepProgress | null {
  return progress.find(isOpen) ?? null;
}

/** How many of these are done, or left out. */
export function finishedOf(progress: readonly StepProgress[]): number {
  return progress.filter((step) => !isOpen(step)).length;
}
