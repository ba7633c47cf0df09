/** How a try is told: who tried, and where that ended. */
import type { MessageKey } from '../content-keys.ts';
import { NOTHING, type Values } from '../values.ts';
import type { MapNode, NodeOf } from './map-schema.ts';

/** A line from the machine's lane. */
export interface Way {
  /** `door`: a port that leads into the box beside it; `note`: only said, no line. */
  kind: 'door' | 'try' | 'session' | 'note';
  label: string;
  /** `at-box`: it comes to the container, and not in; `stops`: it does not leave the machine. */
  end: 'inside' | 'at-box' | 'stops';
  tone: Tone;
}

/** `own`: the run's or the learner's; `bad`: where something stopped; `good`: where it got in. */
export type Tone = 'plain' | 'soft' | 'own' | 'good' | 'bad';

/** Says a text of content/messages, with values of anybody's made visible in it. */
export type Say = (key: MessageKey, values?: Values) => string;

const ENDS = {
  'no-listener': 'map-end-no-listener',
  'no-file': 'map-end-no-file',
  'no-way': 'map-end-no-way',
  'at-door': 'map-end-at-door',
  'not-ready': 'map-end-not-ready',
  refused: 'map-end-refused',
  in: 'map-end-in',
} as const;

/** `target`: the node that it came to; null: none. */
export function tryWords(node: NodeOf<'try'>, say: Say, target: MapNode | null): Way {
  const { by, what, way, end, cause, line } = node;
  const own = by === 'pglab' ? 'pglab' : what;
  const who = way === 'inside' ? say('map-try-inside', { who: own }) : own;
  const where =
    target?.kind === 'port'
      ? target.number
      : target?.kind === 'socket'
        ? target.path.slice(target.path.lastIndexOf('/') + 1)
        : '';
  const byRule = end === 'refused' && line !== null;
  const text = say(byRule ? 'map-end-rule' : ENDS[end], {
    who,
    where,
    cause: cause ?? NOTHING,
    line: line ?? '',
  });
  const stops = /^no-/.test(end);
  return {
    kind: 'try',
    label: text,
    end: stops ? 'stops' : end === 'in' ? 'inside' : 'at-box',
    tone: end === 'in' ? 'good' : 'bad',
  };
}
