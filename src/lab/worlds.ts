/** Wrong worlds: what a learner may bring about instead, each the proof that a check can find it. */

export interface WrongWorld {
  /** What is wrong, in a few words: `made without a time zone`. */
  world: string;
  /** The step that is checked, and the one finding that comes of it. */
  step: string;
  finds: string;
  /** Shell lines that bring it about, as a learner would type them; `{{image}}` and the lab's ports have values. */
  commands: readonly string[];
  /** Shell lines that take it away again. */
  undo?: readonly string[];
}

/**
 * The file `worlds` of a lab: a wrong world for each finding that the lab brings itself.
 *
 *     export default defineWorlds([
 *       { world: 'made without a time zone', step: 'clock', finds: 'no-time-zone',
 *         commands: ['docker run -d --name wrong {{image}} sleep 900'], undo: ['docker rm -fv wrong'] },
 *     ]);
 */
export function defineWorlds(worlds: readonly WrongWorld[]): readonly WrongWorld[] {
  return worlds;
}
