import { renameSync } from 'node:fs';
import { emptyResult } from '../report/result.ts';
import { journalFile } from '../runner/home.ts';
import { carryOut, planReset, removeFiles } from '../runner/reset.ts';
import { confirm } from '../terminal/ask.ts';
import { Trouble, Usage } from '../trouble.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';
import { engineFor, openRun } from './stage.ts';

/** Takes away what this run made, after showing what that is; archives its journal. */
export async function reset(desk: Desk, { dryRun }: { dryRun: boolean }): Promise<number> {
  const { settings, content, screen, run } = desk;
  if (run === null || desk.reading.events.length === 0) {
    return printed(desk, emptyResult(desk.folders.id, run), { reset: { removed: [] } }, () =>
      screen.line(content.say('messages', 'reset-nothing')),
    );
  }
  const engine = await engineFor(settings);
  const open = await openRun(desk);
  try {
    const owner = { run: open.run, home: open.homeId };
    const plan = await planReset(engine, owner, open.journal.events);
    if (settings.format === 'text') {
      screen.line(content.say('messages', 'reset-plan', { run: open.run, count: plan.length }));
      for (const item of plan) {
        const name = item.kind === 'volume' ? item.name.slice(0, 40) : item.name;
        screen.line(
          `  ${content.say('messages', item.kind)} ${name} (${item.worldName || content.say('messages', item.why)})`,
        );
      }
    }
    if (dryRun) return printed(desk, emptyResult(desk.folders.id, run), { reset: { plan } }, () => {});
    if (!settings.yes) {
      if (!settings.interactive) throw new Usage('reset-needs-yes');
      if (!(await confirm(content.say('messages', 'ask-reset')))) return 0;
    }
    const outcome = await carryOut(engine, owner, plan, (event) => open.journal.append(event));
    await removeFiles(open.folder);
    open.journal.append({ type: 'reset', removed: outcome.removed.length });
    const [failure] = outcome.failed;
    if (failure) throw new Trouble('reset-incomplete', { name: failure.item.name, why: failure.why });
    const [left] = outcome.left;
    if (left) throw new Trouble('reset-incomplete', { name: left.name, why: 'still there' });
    const file = journalFile(settings.home, open.run);
    renameSync(file, file.replace(/\.jsonl$/, `.${Date.now()}.archived.jsonl`));
    return printed(desk, emptyResult(desk.folders.id, run), { reset: { removed: outcome.removed } }, () =>
      screen.line(content.say('messages', 'reset-done', { count: outcome.removed.length })),
    );
  } finally {
    open.close();
  }
}
