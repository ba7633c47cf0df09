/** Whether this run's engine can mount folders of this machine: asked where a step has a way for each case. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../engine/types.ts';
import { volumePart } from '../../grammar.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Command, Step } from '../../lab/model.ts';
import { homeTrouble } from '../../trouble.ts';
import { labelsFor } from '../../world/world.ts';
import type { RunContext } from './context.ts';

/** Whether folders are mounted; before a step has asked, by where the engine is and whether `-v` can name them. */
export function hasFoldersHere({ local, mountsFolders, folder }: RunContext): boolean {
  return mountsFolders ?? (local && volumePart(folder) !== null);
}

/** Some commands are for an engine that sees our folders only, some for one that does not. */
export function isForHere(context: RunContext, { only }: Command): boolean {
  return only === undefined || only === (hasFoldersHere(context) ? 'local' : 'remote');
}

/** Asks once a run, and says it where they cannot be mounted though the engine's ports are this machine's. */
export async function* askForFolders(context: RunContext, step: Step): AsyncGenerator<LabEvent> {
  if (context.mountsFolders !== null || step.commands.every(({ only }) => only === undefined)) return;
  const { engine, folder, image, owner } = context;
  if (volumePart(folder) === null) {
    context.mountsFolders = false;
    yield { type: 'noted', step: step.id, note: 'folder-with-colon', values: { folder } };
    return;
  }
  // Without an image nothing could be made of it.
  context.mountsFolders =
    image.id === '' || (await seesOurs(engine, folder, image.id, labelsFor(owner, step.id, '')));
  if (!context.mountsFolders)
    yield { type: 'noted', step: step.id, note: 'folders-unseen', values: { folder } };
}

/** With a folder that was never there before: another machine may have all others by the same names. */
export async function seesOurs(
  engine: Engine,
  folder: string,
  image: string,
  /** Of the container that is made for the question: killed here, it is still somebody's. */
  labels: Record<string, string>,
): Promise<boolean> {
  let probe: string;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    probe = mkdtempSync(join(folder, 'probe-'));
  } catch (cause) {
    throw homeTrouble(folder, cause);
  }
  try {
    return await engine.canMount(probe, image, labels);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
