/** The shape of what an engine answers: where it has not that of each engine's, it is trouble `engine-nonsense`. */
import { Trouble } from '../trouble.ts';

export function nonsense(what: string, seen: unknown): Trouble {
  return new Trouble('engine-nonsense', {
    what,
    seen: (typeof seen === 'string' ? seen : JSON.stringify(seen ?? null)).slice(0, 200),
  });
}

/** What an answer lists; nothing where it says null. Trouble where it is no list of objects. */
export function listIn<T extends object>(what: string, value: readonly T[] | null | undefined): T[] {
  const list: unknown = value ?? [];
  const isList = Array.isArray(list) && list.every((each) => typeof each === 'object' && each !== null);
  if (!isList) throw nonsense(what, value);
  return list as T[];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Trouble where an answer has not the shape that each engine's has. */
export function shaped<T>(what: string, raw: unknown, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) throw nonsense(what, raw);
    throw error;
  }
}
