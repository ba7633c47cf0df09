/** The ways to servers that pglab's checks tried, by what they found, or by what a journal has kept of it. */
import type { JournalEvent, Judged } from '../journal/events.ts';
import type { StepStanding } from '../journal/step-standing.ts';
import type { Step } from '../lab/model.ts';
import { NOTHING } from '../values.ts';
import type { PictureOfTry, TryEnd } from './picture.ts';

type Told = Extract<JournalEvent, { type: 'seen' }>;
type WayTried = Told['tries'][number];
interface Seen {
  containers: readonly { id: string; world: string | null; ports: readonly { host: number }[] }[];
  tries: readonly WayTried[];
}

/** Codes of a server that is there and takes nobody yet, and of a connection that its proxy had to drop. */
const NOT_READY = '57P03';

/** What each check that tries a way to a server came to, as far as it could be told. */
export function waysTried({ checks }: Pick<Step, 'checks'>, judged: readonly Judged[]): WayTried[] {
  return checks.flatMap(({ id, tries: way }) => {
    const verdict = judged.find((each) => each.id === id);
    if (way === undefined || verdict === undefined || verdict.outcome === 'unknown') return [];
    return [{ check: id, way, reached: reachedBy(verdict) }];
  });
}

/** By the code with which it was refused: of the system (ECONNREFUSED) or of the server (a SQLSTATE). */
function reachedBy({ outcome, values }: Judged): WayTried['reached'] {
  const code = String(values.cause ?? values.error ?? '-');
  if (code === '-') return outcome === 'met' ? 'answer' : 'nothing';
  if (/^(?=.*\d)[0-9A-Z]{5}$|^no-password$/.test(code)) return 'server';
  return /^(ENOENT|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timeout|no-address)$/.test(code)
    ? 'nothing'
    : 'machine';
}

/** `judged`: the verdicts of the step whose end was seen. What a try came to is in them. */
export function triesMade({ containers, tries }: Seen, judged: Iterable<Judged>): PictureOfTry[] {
  const verdicts = new Map([...judged].map((each) => [each.id, each]));
  return tries.flatMap(({ check, way, reached }) => {
    const verdict = verdicts.get(check);
    if (verdict === undefined) return [];
    const { values } = verdict;
    const container = containers.find(({ world, id }) =>
      values.short === undefined ? world === values.name : id === values.short,
    );
    const cause = causeOf(verdict);
    const port = typeof values.port === 'number' ? values.port : null;
    const end = endOf(way, reached, cause);
    // What answered at a port that does not lead there is somebody else's.
    const isAstray =
      end === 'at-door' && way === 'port' && container?.ports.every(({ host }) => host !== port);
    return [
      {
        ...{ what: check, by: 'pglab' as const, way, end: isAstray ? ('no-way' as const) : end },
        port,
        container: container?.id ?? null,
        ...{ cause, line: null },
      },
    ];
  });
}

function causeOf({ values }: Judged): string | null {
  const cause = String(values.cause ?? values.error ?? NOTHING);
  return cause === NOTHING ? null : cause;
}

function endOf(way: PictureOfTry['way'], reached: WayTried['reached'], cause: string | null): TryEnd {
  if (reached === 'answer') return 'in';
  if (reached === 'nothing') return cause === 'ENOENT' ? 'no-file' : 'no-way';
  if (reached === 'server') return cause === NOT_READY ? 'not-ready' : 'refused';
  return cause === 'ECONNREFUSED' && way === 'port' ? 'no-listener' : 'at-door';
}

/** A try, and when it was told: by the seq of its line, and RFC 3339. */
interface TryTold {
  tried: PictureOfTry;
  seq: number;
  at: string;
}

/** Of one step, those of when it was last seen, and those that were judged since, of the containers that are there `now`. */
export function triesOfStep(
  step: Pick<Step, 'checks'>,
  { lastSeen, verdicts, toldAt }: StepStanding,
  now: Seen['containers'],
): TryTold[] {
  const seqOf = (check: string) => toldAt.get(check)?.seq ?? 0;
  const newer = [...verdicts.values()].filter(({ id }) => seqOf(id) > (lastSeen?.seq ?? 0));
  const older = [...verdicts.values()].filter((each) => !newer.includes(each));
  const tries = [
    ...(lastSeen ? triesMade(lastSeen, older) : []),
    ...triesMade({ containers: now, tries: waysTried(step, newer) }, newer),
  ];
  return tries.map((tried) => ({ tried, seq: seqOf(tried.what), at: toldAt.get(tried.what)?.at ?? '' }));
}

/** Of several tries by one way at one place the last: it is how things stand. */
export function lastOfEach(tries: readonly TryTold[]): TryTold[] {
  // What did not leave the machine came to no container.
  const placeOf = ({ by, way, port, container, end }: PictureOfTry) =>
    [by, way, port, end.startsWith('no-') ? '' : container].join(' ');
  const inOrder = tries.toSorted((a, b) => a.seq - b.seq);
  return [...new Map(inOrder.map((each) => [placeOf(each.tried), each])).values()];
}
