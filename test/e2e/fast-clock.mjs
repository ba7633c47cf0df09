/** Loaded before pglab: what it would wait for long comes sooner, each of these waits at its own time. */
const SOONER = new Map([
  [300_000, 6_000],
  [180_000, 9_000],
  [30_000, 3_000],
]);
const { setTimeout: set } = globalThis;
globalThis.setTimeout = (act, ms, ...given) => set(act, SOONER.get(ms) ?? ms, ...given);
