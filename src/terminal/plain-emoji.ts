/**
 * Stands in for node-emoji, which marked-terminal would load at once: 200 kB of names for pictures, in prose that has
 * none, since `5432:100:x` would become one. Put in its place by the build script.
 */
export function get(): undefined {
  return undefined;
}
