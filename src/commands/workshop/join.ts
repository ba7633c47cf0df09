import { resolve } from 'node:path';
import { openHome } from '../../home.ts';
import { listIn } from '../../lab/languages.ts';
import { packageVersion } from '../../package-root.ts';
import { emptyResult } from '../../report/result.ts';
import { Usage } from '../../trouble.ts';
import { visible } from '../../visible.ts';
import { readCode } from '../../workshop/codes.ts';
import { requireKit } from '../../workshop/kit/kit-list.ts';
import { MOST } from '../../workshop/protocol.ts';
import { helloOf, join as takeSeat } from '../../workshop/seat/joining.ts';
import { startCourier } from '../../workshop/seat/start-courier.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { boardAddress } from './board-address.ts';
import { takeKitImages } from './kit-taken.ts';

export interface JoinOptions {
  name: string | undefined;
  seat: string | undefined;
  managed: boolean;
  /** A folder with a kit, whose images are taken once the seat is. */
  kit: string | undefined;
}

/** Takes a seat in a workshop, after saying what is sent from then on. Tried again, it is the same seat. */
export async function join(desk: Desk, words: readonly string[], options: JoinOptions): Promise<number> {
  const { settings, content, screen } = desk;
  const [where, ...rest] = words;
  if (where === undefined || rest.length === 0) throw new Usage('workshop-join-what');
  const address = boardAddress(where);
  const code = readCode(rest.join(''));
  if (code === null) throw new Usage('workshop-bad-code');
  const seat = options.seat === undefined ? null : seatFrom(options.seat);
  const given = options.name === undefined ? null : nameFrom(options.name);
  if (options.kit !== undefined) requireKit(resolve(options.kit));
  for (const line of content.say('messages', 'workshop-what-is-sent').split('\n')) screen.line(line);
  const hello = await helloOf(address);
  const name = given ?? (settings.interactive ? await askedName(desk) : null);
  const { home } = settings;
  openHome(home);
  const { now } = await takeSeat(home, { address, code, name, seat, managed: options.managed }, hello);
  startCourier(home);
  const images = options.kit === undefined ? [] : await takeKitImages(desk, resolve(options.kit));
  const own = packageVersion();
  const told = {
    ...{ seat: now?.seat, name: now?.name, group: now?.epoch, address, managed: options.managed },
    ...{ id: now?.workshop.id, workshop: now?.workshop.name, pglab: own, boardPglab: hello.pglab, images },
  };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: told }, () => {
    const values = { seat: now?.seat ?? 0, name: now?.name ?? '', workshop: now?.workshop.name ?? '' };
    screen.line(content.say('messages', 'workshop-joined', values));
    if (images.length > 0)
      screen.line(content.say('messages', 'kit-images-taken', { images: listIn(content.language, images) }));
    if (hello.pglab !== own)
      screen.line(content.say('messages', 'workshop-versions', { board: hello.pglab, own }));
    if (hello.lab !== desk.folders.id)
      screen.line(content.say('messages', 'workshop-other-lab', { lab: hello.lab }));
  });
}

function seatFrom(text: string): number {
  const seat = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seat < 1 || seat > MOST.seats) throw new Usage('workshop-bad-seat', { seat: text, most: MOST.seats });
  return seat;
}

function nameFrom(text: string): string | null {
  const name = text.trim();
  if ([...name].length > MOST.nameCharacters || visible(name) !== name)
    throw new Usage('workshop-bad-name', { most: MOST.nameCharacters });
  return name === '' ? null : name;
}

/** Null: they gave none, and the board gives one. */
async function askedName(desk: Desk): Promise<string | null> {
  const { lineTyped } = await import('../../terminal/ask-line.ts');
  for (;;) {
    const said = await lineTyped(desk.screen, [desk.content.say('messages', 'workshop-ask-name')]);
    try {
      return nameFrom(said);
    } catch (error) {
      if (!(error instanceof Usage)) throw error;
      desk.screen.line(desk.content.say('troubles', error.code, error.values, 'message'));
    }
  }
}
