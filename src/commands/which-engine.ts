/** Asks which of several engines that nobody named. */
import type { Desk } from './desk.ts';

/** Its index; the first where nobody can be asked, or where the question is passed over. */
export async function whichEngine(desk: Desk, engines: readonly string[]): Promise<number> {
  if (!desk.settings.interactive) return 0;
  const { choose } = await import('../terminal/ask.ts');
  return (await choose(desk, desk.content.say('messages', 'ask-which-engine'), engines)) ?? 0;
}
