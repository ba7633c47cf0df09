/** Holds the code to the walls of the house: what it imports, and who scans the lines of a journal. */
import { dirname, relative, resolve } from 'node:path';
import type { Import } from './imports.ts';
import { WALLS, type Wall } from './walls.ts';

/** The room that a file lies in; null for what lies outside of all of them, such as a test. */
export function roomOf(file: string): string | null {
  if (file.startsWith('labs/')) return 'labs';
  const inside = /^src\/(.+)$/.exec(file)?.[1];
  if (inside === undefined) return null;
  const rooms = Object.keys(WALLS).filter((room) => inside === `${room}.ts` || inside.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Why an import is not allowed, as a sentence; null where it is. */
export function refusal({ file, from, types }: Import): string | null {
  const room = roomOf(file);
  if (room === null) return `${file} lies in no room: give it one in test/walls.ts`;
  const { knows, names = [], loads = {}, pure = false, why } = WALLS[room] as Wall;
  const no = (what: string) => `${file} may not import ${what}. ${why}`;
  if (from.startsWith('node:')) return pure ? no(from) : null;
  if (!from.startsWith('.')) {
    const loader = loads[from];
    if (loader === undefined) return no(from);
    return types || file === `src/${loader}` ? null : no(`${from}: only src/${loader} loads it`);
  }
  const target = relative('.', resolve(dirname(file), from));
  const other = roomOf(target);
  if (other === null) return target.endsWith('.sh') ? null : no(target);
  const isMeant = (entry: string) => entry === other || `src/${entry}` === target;
  if (other === room || knows.some(isMeant)) return null;
  return types && names.some(isMeant) ? null : no(`${types ? 'types of ' : ''}${target}`);
}

/** Rooms that know each other in a circle, types included: `a → b → a`. */
export function circles(imports: readonly Import[]): string[] {
  return circlesOf(imports, roomOf);
}

/** Files that know each other in a circle, in one room or across, types included. */
export function fileCircles(imports: readonly Import[]): string[] {
  return circlesOf(imports, (file) => file);
}

/** `named`: what a file counts as; null where it counts for nothing. A circle is given once, from where it was met. */
function circlesOf(imports: readonly Import[], named: (file: string) => string | null): string[] {
  const known = new Map<string, Set<string>>();
  for (const { file, from } of imports) {
    if (!from.startsWith('.')) continue;
    const one = named(file);
    const other = named(relative('.', resolve(dirname(file), from)));
    if (one === null || other === null || one === other) continue;
    known.set(one, (known.get(one) ?? new Set()).add(other));
  }
  const found: string[] = [];
  const path: string[] = [];
  const done = new Set<string>();
  const follow = (one: string) => {
    const at = path.indexOf(one);
    if (at >= 0) found.push([...path.slice(at), one].join(' → '));
    if (at >= 0 || done.has(one)) return;
    path.push(one);
    for (const next of known.get(one) ?? []) follow(next);
    path.pop();
    done.add(one);
  };
  for (const one of [...known.keys()].sort()) follow(one);
  return found;
}

const LIST_OF_LINES =
  /\.events\b(?!\s*\()|[{,]\s*events\s*[,}:]|\bJournalLine\[\]|\b(?:Array|Iterable)<JournalLine>/;

/**
 * Where a file scans the lines of a journal though it is not of the journal's room, as a sentence; null where
 * it does not. What happened in a run is asked of its standing; what is shown comes line by line.
 */
export function scanOf(file: string, source: string): string | null {
  if (roomOf(file) === 'journal') return null;
  const [scan] = LIST_OF_LINES.exec(source) ?? [];
  return scan === undefined ? null : `${file} scans the journal (${scan}): ask src/journal/standing.ts`;
}
