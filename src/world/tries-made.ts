/** The ways to servers that pglab's checks tried, by what a journal has kept of them. */
import type { JournalEvent, Judged } from '../journal/events.ts';
import { NOTHING } from '../values.ts';
import type { PictureOfTry, TryEnd } from './picture.ts';

type Seen = Pick<Extract<JournalEvent, { type: 'seen' }>, 'containers' | 'tries'>;

/** Codes of a server that is there and takes nobody yet, and of a connection that its proxy had to drop. */
const NOT_READY = '57P03';

/** `judged`: the verdicts of the step whose end was seen. What a try came to is in them. */
export function triesMade({ containers, tries }: Seen, judged: Iterable<Judged>): PictureOfTry[] {
  const verdicts = new Map([...judged].map((each) => [each.id, each]));
  return tries.flatMap(({ check, way, reached }) => {
    const verdict = verdicts.get(check);
    if (verdict === undefined) return [];
    const { values } = verdict;
    const container = containers.find(({ world, id }) => world === values.name || id === values.short);
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

function endOf(
  way: PictureOfTry['way'],
  reached: Seen['tries'][number]['reached'],
  cause: string | null,
): TryEnd {
  if (reached === 'answer') return 'in';
  if (reached === 'nothing') return cause === 'ENOENT' ? 'no-file' : 'no-way';
  if (reached === 'server') return cause === NOT_READY ? 'not-ready' : 'refused';
  return cause === 'ECONNREFUSED' && way === 'port' ? 'no-listener' : 'at-door';
}

/** Of several tries by one way at one place the last: it is how things stand. */
export function lastOfEach(tries: readonly PictureOfTry[]): PictureOfTry[] {
  // What did not leave the machine came to no container.
  const placeOf = ({ by, way, port, container, end }: PictureOfTry) =>
    [by, way, port, end.startsWith('no-') ? '' : container].join(' ');
  return [...new Map(tries.map((each) => [placeOf(each), each])).values()];
}
