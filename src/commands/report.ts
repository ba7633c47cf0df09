/** `pglab report`: the article written anew from a run, by its journal alone. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runFolder, runsOf } from '../home.ts';
import { labOf, requireSameLab } from '../journal/lab-of-run.ts';
import { passesIn } from '../journal/passes.ts';
import { readJournal } from '../journal/read.ts';
import { aboutOf } from '../lab/about.ts';
import { loadLab } from '../lab/load.ts';
import type { Story } from '../report/envelope.ts';
import { type Format, formatted } from '../report/formats.ts';
import { recordedResult } from '../report/recorded.ts';
import { emptyResult } from '../report/result.ts';
import { storyOf } from '../report/story.ts';
import { StoryWords } from '../report/story-words.ts';
import { messageOf, Trouble, Usage } from '../trouble.ts';
import type { Desk } from './desk.ts';
import { formatFor, written } from './out-file.ts';

export interface ReportOptions {
  allRuns: boolean;
  /** As it was typed. */
  pass: string | undefined;
  out: string | undefined;
}

/** Prints a report, or writes it to a file. Trouble `no-run-to-report`, `run-tells-nothing`, `out-unwritable`; usage `no-such-pass`, `pass-and-all-runs`. */
export async function report(desk: Desk, { allRuns, pass, out }: ReportOptions): Promise<number> {
  const format = formatFor(desk.settings.format, out, ['html', 'json'], 'md');
  if (allRuns && pass !== undefined) throw new Usage('pass-and-all-runs');
  if (allRuns) return allReports(desk, format, out);
  const { run } = desk;
  if (run === null) throw new Trouble('no-run-to-report', {});
  const { story, text } = await told(desk, run, pass, format);
  if (story === null) throw new Trouble('run-tells-nothing', { run });
  if (out === undefined) process.stdout.write(text);
  else {
    written(out, text);
    process.stderr.write(`${desk.content.say('messages', 'report-written', { file: resolve(out) })}\n`);
  }
  return 0;
}

/** One run told; its text as the format has it. `story` null: its journal tells nothing. */
async function told(
  desk: Desk,
  run: string,
  pass: string | undefined,
  format: Format,
): Promise<{ story: Story | null; text: string }> {
  const { content, folders, stem, steps } = desk;
  const passes = passesIn(runFolder(desk.settings.home, run));
  // After a reset the newest pass may have begun and told nothing yet.
  const readings = passes.map((file) => readJournal(file, run));
  const newest = readings.findLastIndex(({ standing }) => standing.steps.size > 0);
  const at = pass === undefined ? newest : checkedPass(run, pass, readings.length) - 1;
  const reading = readings[at];
  if (!reading) return { story: null, text: '' };
  const { standing } = reading;
  requireSameLab(run, folders.id, standing);
  const lab = await loadLab(folders);
  content.know(lab);
  const teller = { lab, content, stem };
  const story = storyOf(teller, { run, pass: { number: at + 1, of: readings.length } }, standing);
  const words = new StoryWords(content, lab);
  const about = aboutOf(folders.content, content.language) ?? { title: folders.id, source: '', readOn: '' };
  if (format === 'html') {
    const { storyHtml } = await import('../report/story-html.ts');
    return { story, text: storyHtml(story, about, words) };
  }
  if (format === 'json') {
    const result = recordedResult({ lab: folders.id, run, steps }, standing, content, stem);
    return { story, text: `${formatted('json', result, { report: story })}\n` };
  }
  const { storyMarkdown } = await import('../report/story-md.ts');
  return { story, text: storyMarkdown(story, about, words) };
}

/** Each run of this lab into a file of its own; of JSON one list. */
async function allReports(desk: Desk, format: Format, out: string | undefined): Promise<number> {
  const { settings, folders, content } = desk;
  const runs = runsOf(settings.home).filter((run) => isOfLab(settings.home, run, folders.id));
  const all = [];
  for (const run of runs) {
    const { story, text } = await told(desk, run, undefined, format);
    if (story) all.push({ story, text, file: `${stemOf(run)}.${format === 'html' ? 'html' : 'md'}` });
  }
  if (all.length === 0) throw new Trouble('no-run-to-report', {});
  if (format === 'json') {
    const stories = all.map(({ story }) => story);
    const text = `${formatted('json', emptyResult(folders.id, null), { report: stories })}\n`;
    if (out === undefined) process.stdout.write(text);
    else written(out, text);
    return 0;
  }
  if (out === undefined) throw new Usage('out-needed');
  mkdirFor(out);
  for (const { file, text } of all) written(join(out, file), text);
  const index = `index.${format === 'html' ? 'html' : 'md'}`;
  const about = aboutOf(folders.content, content.language) ?? { title: folders.id, source: '', readOn: '' };
  const words = new StoryWords(content, await loadLab(folders));
  if (format === 'html') {
    const { indexHtml } = await import('../report/story-html.ts');
    written(join(out, index), indexHtml(all, about, words));
  } else {
    const { indexMarkdown } = await import('../report/story-md.ts');
    written(join(out, index), indexMarkdown(all, about, words));
  }
  const values = { folder: resolve(out), count: all.length, file: index };
  process.stderr.write(`${content.say('messages', 'report-written-all', values)}\n`);
  return 0;
}

/** The index has that name; a name of a run has no dot. */
function stemOf(run: string): string {
  return run.toLowerCase() === 'index' ? `${run}.run` : run;
}

/** A journal that cannot be read is of no lab: `list --all-runs` says what is wrong with it. */
function isOfLab(home: string, run: string, lab: string): boolean {
  try {
    const file = passesIn(runFolder(home, run)).at(-1);
    return file !== undefined && (labOf(readJournal(file, run).standing) ?? lab) === lab;
  } catch (error) {
    if (error instanceof Trouble) return false;
    throw error;
  }
}

function checkedPass(run: string, pass: string, count: number): number {
  const number = /^[1-9]\d{0,3}$/.test(pass) ? Number(pass) : 0;
  if (number < 1 || number > count) throw new Usage('no-such-pass', { run, pass, count });
  return number;
}

function mkdirFor(folder: string): void {
  try {
    withAbove(resolve(folder));
  } catch (cause) {
    throw new Trouble('out-unwritable', { file: resolve(folder), why: messageOf(cause) }, { cause });
  }
}

/** Node's own recursive mkdir never returns where the kernel says ENOENT, as in /proc. */
function withAbove(folder: string): void {
  if (existsSync(folder)) return;
  withAbove(dirname(folder));
  mkdirSync(folder);
}
