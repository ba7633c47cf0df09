/**
 * Stands in for cli-highlight, which marked-terminal would load at once: a third of its start-up
 * time, for colours in code that our prose does not need. Put in its place by the build script.
 */
export function highlight(code: string): string {
  return code;
}
