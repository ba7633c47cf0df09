import type { Desk } from '../desk.ts';
import { instructorStanding } from './instructor-standing.ts';
import { ownWorkshop } from './own-workshop.ts';

/** How the workshop of this home stands, for who gives it. */
export async function workshopStanding(desk: Desk): Promise<number> {
  return instructorStanding(desk, ownWorkshop(desk));
}
