/** `pglab map`: draws what is there now. Nothing is made, changed or written down, but for the file that was named. */
import { resolve } from 'node:path';
import { textOf } from '../map/lanes.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { projectionOf } from '../map/projection.ts';
import { sceneOf } from '../map/scene.ts';
import { type Format, formatted } from '../report/formats.ts';
import { emptyResult } from '../report/result.ts';
import { paintOn } from '../terminal/map-paint.ts';
import { Usage } from '../trouble.ts';
import { painted } from '../visible.ts';
import type { Desk } from './desk.ts';
import { formatFor, written } from './out-file.ts';
import { openSurveyor, type Surveyor } from './surveying.ts';

interface MapOptions {
  watch: boolean;
  /** A file to write, in place of stdout. */
  out: string | undefined;
}

/** Trouble where no engine answers, or the file cannot be written; usage `watch-is-text`, `watch-and-out`. */
export async function map(desk: Desk, { watch, out }: MapOptions): Promise<number> {
  const { format } = desk.settings;
  if (watch && format !== 'text') throw new Usage('watch-is-text', { option: '--watch', format });
  if (watch && out !== undefined) throw new Usage('watch-and-out');
  const surveyor = await openSurveyor(desk, { isWatched: watch });
  if (watch) return (await import('./map-watch.ts')).watchMap(desk, surveyor);
  const world = projectionOf(await surveyor.look());
  const drawing = await drawn(desk, surveyor, world, formatFor(format, out, ['svg', 'html', 'json'], 'text'));
  if (out === undefined) process.stdout.write(drawing);
  else {
    written(out, drawing);
    desk.screen.aside(desk.content.say('messages', 'report-written', { file: resolve(out) }));
  }
  return 0;
}

async function drawn(
  desk: Desk,
  { info, named }: Surveyor,
  world: WorldMap,
  format: Format,
): Promise<string> {
  const { settings, content, screen, folders, run } = desk;
  if (format === 'json')
    return `${formatted('json', { ...emptyResult(folders.id, run), engine: info }, { map: world })}\n`;
  const scene = sceneOf(world, { say: content.say.bind(content, 'messages'), named });
  if (format === 'svg') return (await import('../map/svg.ts')).svgOf(scene, settings.language);
  if (format === 'html') return (await import('../map/html.ts')).htmlOf(scene, settings.language);
  const { columns, colour } = screen;
  const lines = textOf(scene, { columns, paint: paintOn(screen) });
  return `${lines.map((line) => painted(line, { colour })).join('\n')}\n`;
}
