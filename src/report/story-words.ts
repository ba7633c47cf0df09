/** What the pages of a report say of their own, in the learner's language: everything but the story. */
import type { ContentKeys } from '../content-keys.ts';
import type { Content } from '../lab/content.ts';
import type { Lab } from '../lab/model.ts';
import { type Roles, roleInBrief, rolesOf } from '../lab/roles.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { type Scene, sceneOf } from '../map/scene.ts';
import { NOTHING, type Values } from '../values.ts';
import type { Story, StoryStep } from './envelope.ts';
import { secondsOf } from './words.ts';

/** Less than this, a command took no time worth a line. */
const WORTH_TELLING_MS = 1_000;

/** Whether there is anything to tell of a step: it came to an end, or half way. */
export function isTold({ outcome, isHalf }: StoryStep): boolean {
  return outcome !== null || isHalf;
}

export class StoryWords {
  readonly #content: Content;
  readonly #roles: Roles;

  constructor(content: Content, lab: Pick<Lab, 'steps'>) {
    this.#content = content;
    this.#roles = rolesOf(lab);
  }

  /** What a map says, its containers named by their steps. */
  scene(map: WorldMap): Scene {
    const say = this.say.bind(this);
    return sceneOf(map, { say, named: (world) => roleInBrief(this.#roles, world, say), brief: true });
  }

  get language(): Content['language'] {
    return this.#content.language;
  }

  say(key: ContentKeys['messages'], values: Values = {}): string {
    return this.#content.say('messages', key, values);
  }

  /** In one line: how many steps came out how, the questions, the hints. */
  tally({ tally: { steps, met, skipped, questions, hints } }: Story): string[] {
    return [
      this.say('report-tally', { met, of: steps }),
      ...(skipped > 0 ? [this.say('report-tally-skipped', { count: skipped })] : []),
      ...(questions.asked > 0
        ? [this.say('report-tally-questions', { right: questions.right, of: questions.asked })]
        : []),
      ...(hints > 0 ? [this.say('report-tally-hints', { count: hints })] : []),
    ];
  }

  /** Where it ran, a row each: what it is, and its name. */
  machine(story: Story): [string, string][] {
    const { run, engine, image, pglab } = story;
    const rows: [ContentKeys['messages'], string | null][] = [
      ['report-run', run],
      ['report-when', this.when(story) || null],
      ['report-engine', engine === null ? null : `${engine.name} ${engine.version}`],
      ['report-image', image?.ref ?? null],
      ['report-image-id', image?.id ?? null],
      ['report-pglab', pglab],
    ];
    return rows.flatMap(([key, value]) => (value === null ? [] : [[this.say(key), value]]));
  }

  /** How to clean up, or that it is done. */
  cleanUp({ reset }: Story): string {
    if (reset === null) return this.say('report-clean-up-how');
    const { at, removed, kept } = reset;
    return this.say('report-reset', {
      when: `${minute(at)} ${zone(at)}`,
      removed,
      kept: kept > 0 ? kept : NOTHING,
    });
  }

  /** From when to when; empty where nobody knows. */
  when({ begun, lastAt }: Story): string {
    const last = lastAt ?? begun;
    return begun === null || last === null ? '' : `${span(begun, last)} ${zone(last)}`;
  }

  /** Above the rows of several runs: the run, when it was, what it came to. */
  indexHeads(): string[] {
    return [this.say('report-run'), this.say('report-when'), this.say('report-came-to')];
  }

  /** Whose line it is; of what was done by hand nobody knows the line that was typed, but of what pglab ran there. */
  labelOf(key: 'article' | 'here', byHand: boolean, ran: StoryStep['commands'][number]['ran']): string {
    return this.say(key === 'here' && byHand && ran === null ? 'report-suggested' : key);
  }

  outcome({ outcome, isHalf }: Pick<StoryStep, 'outcome' | 'isHalf'>): string {
    if (outcome === null) return this.say(isHalf ? 'report-half' : 'report-not-done');
    return this.say(OUTCOMES[outcome]);
  }

  /** How it came out, by whose hand, how long it took, how many hints it needed. */
  details(step: StoryStep): string[] {
    const { durationMs, hints, outcome, byHand, resumed } = step;
    return [
      this.outcome(step),
      ...(byHand ? [this.say('report-of-hand')] : []),
      ...(resumed ? [this.say('report-resumed')] : []),
      ...(outcome === null || !durationMs ? [] : [this.took(durationMs)]),
      ...(hints > 0 ? [this.say('report-tally-hints', { count: hints })] : []),
    ];
  }

  /** What is to be known before the steps are read: said once, however many it is about. Empty: nothing. */
  foreword({ steps }: Story): string {
    return steps.some((step) => step.byHand && isTold(step)) ? this.say('report-by-hand') : '';
  }

  /** How a command ended; empty where it ended well and at once, as most do. */
  ended({ exitCode, durationMs }: { exitCode: number; durationMs: number }): string {
    if (exitCode === 0 && durationMs < WORTH_TELLING_MS) return '';
    return this.say(exitCode === 0 ? 'took' : 'exit', { exitCode, seconds: secondsOf(durationMs) });
  }

  /** What stands beside an option: that it was said, and that it is so. */
  remarks({ said, right }: { said: number; right: number }, option: number): string[] {
    return [
      ...(option === said ? [this.say('report-you-said')] : []),
      ...(option === right ? [this.say('report-is-so')] : []),
    ];
  }

  took(durationMs: number): string {
    return this.say('took', { seconds: secondsOf(durationMs) });
  }
}

/** From one minute to another; what both have is said once. */
function span(from: string, to: string): string {
  const [one, other] = [minute(from), minute(to)];
  if (one === other) return one;
  const isSameDay = one.slice(0, 10) === other.slice(0, 10);
  return `${one} – ${isSameDay ? other.slice(11) : other}`;
}

/** To the minute, in the zone of who made the report: `2026-11-26 21:35`. */
function minute(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const two = (of: number) => String(of).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** `UTC`, `UTC+8`, `UTC-3:30`: the zone that `minute` tells the time of. */
function zone(at: string): string {
  const ahead = -new Date(at).getTimezoneOffset();
  if (Number.isNaN(ahead) || ahead === 0) return 'UTC';
  const [hours, minutes] = [Math.trunc(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  const rest = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`;
  return `UTC${ahead < 0 ? '-' : '+'}${hours}${rest}`;
}

export const OUTCOMES = {
  met: 'report-met',
  'not-met': 'report-not-met',
  unknown: 'report-unknown',
  skipped: 'report-skipped',
} as const;
