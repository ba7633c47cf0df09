/** The few words in which `line-check.ts` says what a line must look like. */

export type Test = (value: unknown) => boolean;

export const text: Test = (value) => typeof value === 'string';
/** JSON may say 1e999, which is read as Infinity. */
export const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
export const flag: Test = (value) => typeof value === 'boolean';
export const nothing: Test = (value) => value === null;

export function integer(least: number, most: number): Test {
  return (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

export function matching(pattern: RegExp): Test {
  return (value) => typeof value === 'string' && pattern.test(value);
}

export function oneOf(...values: (string | number)[]): Test {
  return (value) => values.includes(value as string);
}

export function either(...tests: Test[]): Test {
  return (value) => tests.some((test) => test(value));
}

export function list(test: Test, longest = Number.POSITIVE_INFINITY): Test {
  return (value) => Array.isArray(value) && value.length <= longest && value.every(test);
}

/** Any keys that match, each with such a value. */
export function record(key: RegExp, test: Test): Test {
  return (value) =>
    isObject(value) && Object.entries(value).every(([name, each]) => key.test(name) && test(each));
}

/** These fields and no others; those that are optional may be left out. */
export function closed(required: Record<string, Test>, optional: Record<string, Test> = {}): Test {
  const names = Object.keys(required);
  const known = new Map(Object.entries({ ...optional, ...required }));
  return (value) =>
    isObject(value) &&
    names.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, each]) => known.get(name)?.(each) === true);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
