/** Wrong worlds and right ones on the newest major of the stage. */
import { judgeWorlds } from './mutants/judging.ts';
import { MAJORS } from './mutants/wrong.ts';

judgeWorlds(MAJORS.at(-1) as number);
