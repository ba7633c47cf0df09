import { relative, resolve } from 'node:path';
import { shellWord } from '../grammar.ts';
import { bundledLabs, type LabFolders, labFolders, stepFiles } from '../lab/find.ts';
import { LANGUAGES } from '../lab/languages.ts';
import { problemsOf } from '../labcheck/lab-check.ts';
import { writeSkeleton } from '../labcheck/skeleton.ts';
import { defaultLab } from '../package-root.ts';
import { emptyResult } from '../report/result.ts';
import { Usage } from '../trouble.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';

export type LabVerb = 'list' | 'check' | 'new';

/** `pglab lab list|check|new [PATH]`: which labs there are, whether one is whole, and the beginning of one. */
export async function lab(desk: Desk, verb: LabVerb, path: string | undefined): Promise<number> {
  if (verb === 'list') return list(desk);
  if (verb === 'check') return check(desk, path === undefined ? desk.folders : meant(path));
  if (path === undefined) throw new Usage('lab-new-where');
  return begin(desk, path);
}

/** The lab at this path, which needs no slash here; else the lab of the package that has this id. */
function meant(path: string): LabFolders {
  const isThere = stepFiles({ steps: resolve(path) }).length > 0;
  const isId = bundledLabs().some(({ id }) => id === path);
  return labFolders(isThere || !isId ? resolve(path) : path);
}

/** The labs of the package, and the one that was named. */
function list(desk: Desk): number {
  const { folders, content, screen } = desk;
  const found = bundledLabs();
  const labs = folders.bundled ? found : [...found, folders];
  const rows = labs.map((each) => ({
    id: each.id,
    steps: stepFiles(each).length,
    folder: each.steps,
    bundled: each.bundled,
    isDefault: each.bundled && each.id === defaultLab(),
  }));
  return printed(desk, emptyResult(folders.id, null), { labs: rows }, () => {
    const widest = Math.max(...rows.map(({ id }) => widthOf(id)));
    for (const row of rows) {
      const steps = content.say('messages', 'lab-steps', { count: row.steps });
      const more = row.isDefault ? content.say('messages', 'lab-default') : row.bundled ? '' : row.folder;
      const here = row.id === folders.id && row.folder === folders.steps ? '❯' : ' ';
      screen.line(`${here} ${padded(row.id, widest)}  ${steps}${more && `  ${more}`}`);
    }
  });
}

/** Every sentence says what to write; exit 1 where there is one. */
async function check(desk: Desk, folders: LabFolders): Promise<number> {
  const { content, screen } = desk;
  const problems = (await problemsOf(folders)).map(({ file, key, values }) => ({
    file,
    key,
    message: content.say('messages', key, values),
  }));
  const isWhole = problems.length === 0;
  const outcome = isWhole ? ('met' as const) : ('not-met' as const);
  printed(desk, { ...emptyResult(folders.id, null), outcome }, { problems }, () => {
    for (const [at, { file, message }] of problems.entries()) {
      if (problems[at - 1]?.file !== file)
        screen.line(`${screen.paint('red', '✗')} ${screen.paint('bold', file)}`);
      for (const [row, line] of wrap(message, screen.columns - 4).entries())
        screen.line(`  ${row === 0 ? '·' : ' '} ${line}`);
    }
    const steps = stepFiles(folders).length;
    const path = pathOf(folders);
    screen.line(
      isWhole
        ? content.say('messages', 'lab-good', { lab: folders.id, steps, languages: LANGUAGES.join(', ') })
        : content.say('messages', 'lab-bad', { count: problems.length, path }),
    );
  });
  return isWhole ? 0 : 1;
}

function begin(desk: Desk, path: string): number {
  const { content, screen } = desk;
  const files = writeSkeleton(path);
  const folders = labFolders(resolve(path));
  const made = { folder: folders.steps, files };
  return printed(desk, emptyResult(folders.id, null), { made }, () => {
    screen.line(content.say('messages', 'lab-made', { folder: folders.steps }));
    for (const file of files) screen.line(`  ${file}`);
    screen.line(content.say('messages', 'lab-made-next', { path: pathOf(folders) }));
  });
}

/** The folder as one types it from here, quoted for a shell; a path has a slash. */
function pathOf({ id, steps, bundled }: LabFolders): string {
  if (bundled) return id;
  const path = relative('.', steps);
  return shellWord(path.startsWith('..') ? steps : `./${path}`);
}
