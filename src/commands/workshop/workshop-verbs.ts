/** The verbs of a workshop: of who takes part, and of who gives it. */
import type { Verb } from '../verb.ts';
import { INSTRUCTOR_VERBS } from './instructor-verbs.ts';
import { DOCTOR, KIT_VERBS } from './kit-rows.ts';
import { SEAT_VERBS } from './seat-verbs.ts';

export const WORKSHOP: Verb = {
  name: 'workshop',
  about: 'verb-workshop',
  call: async (desk) => (await import('./workshop-standing.ts')).workshopStanding(desk),
  verbs: [...SEAT_VERBS, ...INSTRUCTOR_VERBS, KIT_VERBS, DOCTOR],
};
