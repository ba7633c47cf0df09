/** What a reset is about, and what it takes away. */
import type { LabelFilter } from '../engine/types.ts';
import type { Standing } from '../journal/standing.ts';
import type { Owner } from './world.ts';

/** One thing that a reset takes away, or leaves and names. */
export interface PlanItem {
  kind: 'container' | 'volume' | 'network' | 'folder';
  /** The engine's id; a folder's path. */
  id: string;
  name: string;
  run: string;
  /** The world's name, from the label or the journal; empty where neither knows. */
  worldName: string;
  why: 'labelled' | 'journaled' | 'adopted' | 'files';
  /** Bytes: what a container wrote, what a volume holds. Null: not asked, or not told. */
  size: number | null;
}

/** What a reset is about. */
export interface Scope {
  /** Labels that all of it carries: this run's and this home's, or a home's alone. */
  labels: LabelFilter;
  /** The lab of the one run that is meant; null: of all labs. */
  lab: string | null;
  /** The runs that are ours to reset now: nobody else writes them. */
  runs: readonly Owner[];
  /** Of these runs, for volumes without a label and for what was adopted. */
  standings: readonly Standing[];
  /** Only what these steps made, under these names; null: all. */
  steps: ReadonlySet<string> | null;
  names: ReadonlySet<string> | null;
  /** Where these runs' steps kept files outside of containers. */
  folders: readonly { run: string; path: string }[];
  adopted: boolean;
  /** Whether it is a run that somebody works in, or that was begun meanwhile: nothing of it is touched. */
  isSpared: (run: string) => boolean;
}
