import { emptyResult } from '../../report/result.ts';
import { visibleJson } from '../../visible.ts';
import { sentMessages } from '../../workshop/seat/sent-log.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';

/** Exactly what left this machine for a board, as it was sent; oldest first. */
export async function sent(desk: Desk): Promise<number> {
  const { settings, content, screen } = desk;
  const messages = sentMessages(settings.home);
  return printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: { sent: messages } }, () => {
    screen.line(content.say('messages', 'workshop-sent', { count: messages.length }));
    for (const { at, to, path, body } of messages) {
      screen.line();
      screen.line(`${at}  ${to}  ${path}`);
      screen.line(visibleJson(JSON.stringify(body)));
    }
  });
}
