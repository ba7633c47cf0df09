/** What the ways on have in common: what a learner does who reads "remove it, and run it anew". */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hands } from './hands.ts';
import type { Told } from './told.ts';

/** How it is asked again, where that is a part of the way on. */
interface Again {
  env?: NodeJS.ProcessEnv;
  /** Behind `check STEP`; without a run of its own it is asked in the same. */
  words?: string[];
}

export interface Way {
  /** The containers must be of the run: it is begun before they are made. */
  ofRun?: boolean;
  /** It is tried also in a world where another one was tried before. */
  shares?: boolean;
  go(hands: Hands, told: Told): Promise<Again | undefined>;
}

export const REMOVED = /docker rm (?:-f?v? )?[0-9a-f]{12}/;

/** One that is removed by the line in the text, and run anew on data that is there. */
export const anew = (flags: (told: Told, hands: Hands) => string[] = () => []): Way => ({
  async go(hands, told) {
    await told.paste(REMOVED);
    await hands.ready(await hands.runOld(flags(told, hands)));
  },
});

/** The text says in words that it be removed: "Remove it". */
export const removedAndAnew = (flags: (told: Told, hands: Hands) => string[] = () => []): Way => ({
  async go(hands, told) {
    told.cut(/Remove it|[Rr]un it|Run a new one/);
    await removeAll(hands);
    await hands.ready(await hands.runOld(flags(told, hands)));
  },
});

/** The step, run again by pglab. */
export const runAgain: Way = {
  ofRun: true,
  shares: true,
  async go(_hands, told) {
    const line = told.cut(/(?<=pglab )run [a-z-]+/).split(' ');
    const { code, stdout, stderr } = await told.lab.pglab(...line, '--run', told.run, '--yes');
    if (code !== 0) throw new Error(`${stdout}${stderr}`);
  },
};

export const paste = (pattern: RegExp): Way => ({
  async go(hands, told) {
    await told.paste(pattern);
    await answering(hands);
  },
});
export function assertIncludes(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`no ${part} in: ${text}`);
}

/** The containers of the row, the newest first. */
export async function containersOf(hands: Hands): Promise<string[]> {
  return (await hands.made())
    .filter((thing) => thing.startsWith('container '))
    .map((thing) => thing.slice(10));
}

export async function removeAll(hands: Hands): Promise<void> {
  const ids = await containersOf(hands);
  if (ids.length > 0) await hands.docker('rm', '-f', ...ids);
}

/** Until the server of the row answers inside. */
export async function answering(hands: Hands): Promise<void> {
  for (;;) {
    const [id = ''] = await containersOf(hands);
    if ((await hands.sql(id, 'select 1').catch(() => '')) === '1') return;
    await sleep(50);
  }
}
