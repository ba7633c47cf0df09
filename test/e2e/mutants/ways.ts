/**
 * The ways on, tried: what pglab prints for a finding is done as a learner does it, commands cut from the text and
 * pasted, and after that its check is met. By the finding; the wrong world is the first one that finds it.
 */
import type { FindingKey } from '../../../src/content-keys.ts';
import type { Way } from './way.ts';
import { OF_CONFIGURATION } from './ways-of-configuration.ts';
import { OF_CONTAINERS } from './ways-of-containers.ts';
import { OF_DATA } from './ways-of-data.ts';
import { OF_PORTS } from './ways-of-ports.ts';

export const WAYS: Readonly<Partial<Record<FindingKey, Way>>> = {
  ...OF_CONTAINERS,
  ...OF_PORTS,
  ...OF_DATA,
  ...OF_CONFIGURATION,
};

/** Those whose way on is tried by no row, and why. */
export const UNTRIED: Readonly<Partial<Record<FindingKey, string>>> = {
  ...because('it shows only while the name is moved; asked again, it is a note', ['tag-moved']),
  ...because('on a machine far away the step would publish a port beside the shared server’s', [
    'port-not-closed',
  ]),
  ...because('it is a step run again by pglab, which the walk does', ['gone-unseen']),
  ...because('it says where to look, and no command', ['psql-disagrees']),
  ...because('its world is made by the tests of a rootless engine, which try it', ['port-forbidden']),
  ...because('it needs a registry; the tests of the registry pull', ['image-missing']),
};

function because(reason: string, findings: readonly FindingKey[]): Partial<Record<FindingKey, string>> {
  return Object.fromEntries(findings.map((finding) => [finding, reason]));
}
