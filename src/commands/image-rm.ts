import type { Engine } from '../engine/types.ts';
import { homeIdIn } from '../home.ts';
import { type OwnImage, ownImages, removeImages } from '../image/image-removal.ts';
import { OwnImages } from '../image/own-images.ts';
import { listIn, saidOf } from '../lab/languages.ts';
import { isHomeId, isSlug, LABEL } from '../names.ts';
import { emptyResult, type Result } from '../report/result.ts';
import { Trouble, Usage } from '../trouble.ts';
import { shortId, type Values } from '../values.ts';
import { visibleValue } from '../visible.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';
import { finishUnread } from './signals.ts';

/** Removes the images that pglab got, all or those of these names, after showing them; never one that a container uses. */
export async function imageRm(
  desk: Desk,
  refs: readonly string[],
  { dryRun }: { dryRun: boolean },
): Promise<number> {
  const { settings, content, screen } = desk;
  const engine = await engineFor(settings);
  const own = new OwnImages(settings.home);
  const found = await ownImages(engine, own, refs);
  const used = found.filter(({ users }) => users.length > 0);
  const plan = found.filter(({ users }) => users.length === 0);
  const envelope = { ...emptyResult(desk.folders.id, desk.run), engine: engine.info };
  const kept = used.map((image) => ({ ...asTold(image), users: image.users.map(({ name }) => name) }));
  if (found.length === 0)
    return printed(desk, envelope, { rm: { removed: [], kept: [] } }, () =>
      screen.line(content.say('messages', 'image-rm-nothing')),
    );
  if (settings.format === 'text') show(desk, plan, used);
  if (dryRun) return printed(desk, envelope, { rm: { plan: plan.map(asTold), kept } }, () => {});
  if (plan.length > 0 && !settings.yes) {
    if (!settings.interactive) throw new Usage('removal-needs-yes', { again: 'pglab image rm --dry-run' });
    const { confirm } = await import('../terminal/ask.ts');
    if (!(await confirm(desk, content.say('messages', 'ask-reset')))) return 0;
  }
  const stop = finishUnread();
  try {
    return await removed(desk, { engine, own, plan, used, kept, envelope });
  } finally {
    stop();
  }
}

interface Removal {
  engine: Engine;
  own: OwnImages;
  plan: readonly OwnImage[];
  used: readonly OwnImage[];
  kept: readonly object[];
  envelope: Result;
}

async function removed(desk: Desk, { engine, own, plan, used, kept, envelope }: Removal): Promise<number> {
  const { settings, content, screen } = desk;
  const { removed: gone, failed } = await removeImages(engine, own, plan);
  const done = () => screen.line(content.say('messages', 'image-rm-done', { count: gone.length }));
  const rm = { removed: gone.map(asTold), kept };
  // What is gone is told also where others stay.
  const rest = (code: 'images-left' | 'images-in-use', values: Values) => {
    if (settings.format === 'text' && gone.length > 0) done();
    return Object.assign(new Trouble(code, values), { result: { ...envelope, outcome: 'unknown', rm } });
  };
  if (failed.length > 0) {
    const names = failed.map(({ name, why }) =>
      saidOf(content.language, name, why || content.say('messages', 'still-there')),
    );
    throw rest('images-left', { count: failed.length, names: names.join('\n') });
  }
  if (used.length > 0) throw rest('images-in-use', { names: whose(desk, used) });
  return printed(desk, envelope, { rm }, done);
}

function asTold({ id, names, others, postgresMajor, size }: OwnImage) {
  return { id, names, others, postgresMajor, size };
}

function show({ content, screen }: Desk, plan: readonly OwnImage[], used: readonly OwnImage[]): void {
  const list = (images: readonly OwnImage[]) => {
    for (const { names, others, size, id } of images) {
      screen.line(`  ${listIn(content.language, names)}  ${shortId(id)}  ${Math.round(size / 1e6)} MB`);
      if (others.length > 0)
        screen.line(
          `    ${content.say('messages', 'image-rm-others', { names: listIn(content.language, others) })}`,
        );
    }
  };
  if (plan.length > 0) screen.line(content.say('messages', 'image-rm-plan', { count: plan.length }));
  list(plan);
  if (used.length > 0) screen.line(content.say('messages', 'image-rm-kept', { count: used.length }));
  list(used);
}

/** A line for each container that uses one of them: its name, and who made it. */
export function whose({ content, settings }: Desk, images: readonly OwnImage[]): string {
  const home = homeIdIn(settings.home);
  const say = (key: 'image-used-by' | 'image-used-by-run' | 'image-used-by-home', values: object) =>
    content.say('messages', key, values as Record<string, string>);
  return images
    .flatMap(({ names, users }) =>
      users.map(({ name, labels }) => {
        const [of = '', run = ''] = [labels[LABEL.home], labels[LABEL.run]];
        const told = { image: names[0] ?? '', container: visibleValue(name), run, home: of };
        if (!isHomeId(of) || !isSlug(run)) return say('image-used-by', told);
        return say(of === home ? 'image-used-by-run' : 'image-used-by-home', told);
      }),
    )
    .join('\n');
}
