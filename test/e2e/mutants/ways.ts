/**
 * The ways on, tried: what pglab prints for a finding is done as a learner does it, commands cut from the text and
 * pasted, and after that its check is met. By the finding; the wrong world is the first one that finds it.
 */
import type { FindingKey } from '../../../src/content-keys.ts';
import type { Way } from './way.ts';
import { OF_CONTAINERS } from './ways-of-containers.ts';
import { OF_DATA } from './ways-of-data.ts';
import { OF_PORTS } from './ways-of-ports.ts';

export const WAYS: Readonly<Partial<Record<FindingKey, Way>>> = { ...OF_CONTAINERS, ...OF_PORTS, ...OF_DATA };

/** Those whose way on is tried by no row, and why. */
export const UNTRIED: Readonly<Partial<Record<FindingKey, string>>> = {
  ...because('it says where to look, and no command', ['no-answer', 'no-answer-inside', 'another-server']),
  ...because('it is a step run again by pglab, which the walk does', [
    ...([
      'ready-once',
      'log-without-listen',
      'not-attached',
      'not-refused',
      'ended-otherwise',
      'still-running',
    ] as const),
    ...([
      'never-watched',
      'never-seen',
      'gone-unseen',
      'queries-lost',
      'client-saw-nothing',
      'no-recovery',
    ] as const),
    ...(['port-not-closed', 'row-missing', 'row-still-there', 'volume-went-along'] as const),
  ]),
  ...because('its world is one of several that one row goes through, and the next one begins where it ends', [
    ...(['not-removed', 'volume-not-mounted', 'volume-left', 'another-volume'] as const),
    ...(['password-taken', 'password-changed'] as const),
  ]),
  ...because('it cannot be told any more, and that is no wrong world', ['attach-forgotten']),
  ...because('it shows only while the name is moved', ['tag-moved']),
  ...because('its world is made by the tests of a rootless engine', ['port-forbidden']),
  ...because('it needs a registry; the tests of the registry pull', ['image-missing']),
  ...because('it is begun anew with another image, which every other row does', ['port-not-exposed']),
  ...because('its server is shared by all rows of clients', [
    'trust-outside',
    'socket-found',
    'psql-disagrees',
  ]),
  ...because('two majors and a dump: longer than all others', ['volume-of-another-major']),
};

function because(reason: string, findings: readonly FindingKey[]): Partial<Record<FindingKey, string>> {
  return Object.fromEntries(findings.map((finding) => [finding, reason]));
}
