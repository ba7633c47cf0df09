/** JSON that somebody else wrote, or that a crash cut short. */

/** Null where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
