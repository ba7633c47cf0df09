/** The line of a command as a shell runs it, and as the learner sees it. */
import { randomBytes } from 'node:crypto';
import type { Image } from '../../engine/types.ts';
import { mountField } from '../../grammar.ts';
import type { Command } from '../../lab/model.ts';
import { shownAdditions } from '../../lab/shown.ts';
import { filled, templateOf } from '../../lab/template.ts';
import { LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import { shortId, type Values } from '../../values.ts';
import { labelsFor } from '../../world/world.ts';
import type { RunContext } from './context.ts';

/** The line that runs, and the shorter one that is shown: labels do not teach anything. */
export interface Line {
  run: string;
  shown: string;
}

/**
 * `{{ours}}` is all that pglab adds to a `docker run`: labels, a labelled anonymous volume, the
 * password. `{{bare}}` is that without the password, `{{named}}` without the volume, `{{owned}}`
 * the labels alone.
 */
export function lineOf(
  context: RunContext,
  step: string,
  command: Command,
  line: string,
  values: Values,
): Line {
  const template = templateOf(line);
  const name = command.creates ?? command.createsVolume ?? '';
  const image = template.names.has('other') ? (context.other?.image ?? context.image) : context.image;
  const labels = labelsOn(image, labelsFor(context.owner, step, name));
  const owned = labels.flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const scratch = context.labelsVolumes ? scratchVolumes(image, line, labels) : { data: [], beside: [] };
  const shownOnly = shownAdditions(context.lab.settings.service);
  const added = {
    ours: [...owned, ...scratch.data, ...scratch.beside, ...shownOnly.ours],
    bare: [...owned, ...scratch.data, ...scratch.beside],
    named: [...owned, ...scratch.beside, ...shownOnly.named],
    owned,
  };
  const where = `step ${step}`;
  return {
    run: filled(template, withWholeIds(context, values), added, where),
    shown: filled(template, values, shownOnly, where),
  };
}

/**
 * Labelled volumes for what the image names volumes for: its data, and what else but where the line mounts something
 * itself. Without them the image's own lines make some that nobody knows once their container is gone.
 */
function scratchVolumes(
  { volumeTargets: [data, ...others] }: Image,
  line: string,
  labels: readonly [string, string][],
): { data: string[]; beside: string[] } {
  const mounted = line.split(/[\s:,=]/);
  const volumeLabels = labels.map(([key, value]) => `volume-label=${key}=${value}`);
  const at = (target: string) => ['--mount', mountOf(['type=volume', `dst=${target}`, ...volumeLabels])];
  return {
    data: data === undefined ? [] : at(data),
    beside: others.filter((target) => !mounted.includes(target)).flatMap(at),
  };
}

/** What runs has whole ids: a container that is *named* as the beginning of one would be taken for it. */
function withWholeIds({ image }: RunContext, values: Values): Values {
  const whole = Object.entries(values).map(([name, value]) => {
    const id = name.endsWith('.short') ? values[name.replace(/short$/, 'id')] : undefined;
    return [name, id ?? value] as const;
  });
  const isById = values.image === shortId(image.id);
  return { ...Object.fromEntries(whole), ...(isById ? { image: image.id } : {}) };
}

/** Trouble `not-writable` where the image's own folder for its data cannot be written as Docker reads it. */
function mountOf(fields: readonly string[]): string {
  const written = fields.map((field) => {
    const word = mountField(field);
    if (word === null) throw new Trouble('not-writable', { name: '--mount', value: field });
    return word;
  });
  return written.join(',');
}

/**
 * An image that was committed from a container of ours carries its labels. Where they are the very same, one
 * more tells what we run from it apart from what others do.
 */
function labelsOn({ labels: inherited }: Image, labels: Record<string, string>): [string, string][] {
  const own = Object.entries(labels);
  const isTold = own.some(([key, value]) => inherited[key] !== value);
  return isTold ? own : [...own, [LABEL.nonce, randomBytes(6).toString('hex')]];
}
