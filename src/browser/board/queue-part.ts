/** Who needs the instructor, and what several have in common. */
import { age, askOf, needShown, SHAPES, seatLabel } from '../../workshop/shown/seat-words.ts';
import { type SameThing, type ShownSeat, sameThings } from '../../workshop/shown/shown-board.ts';
import type { PageDesk } from './desk-of-page.ts';
import { element, mark, type Row, Rows, write } from './elements.ts';

/** More than these nobody walks to. */
const MOST = 40;
const MOST_SAME = 3;

export class QueuePart {
  readonly root = element('section', { class: 'queue', 'aria-labelledby': 'needs-you' });
  readonly #desk: PageDesk;
  readonly #head = element('h2', { id: 'needs-you' });
  readonly #list = element('ol', { class: 'panel needs' });
  readonly #nobody = element('p', { class: 'soft' });
  /** What several have in common: beside the queue, which may be longer than a screen. */
  readonly same = element('div', { class: 'same-things' });
  readonly #rows: Rows<ShownSeat>;
  readonly #things: Rows<SameThing>;
  #at: number | null = null;

  constructor(desk: PageDesk) {
    this.#desk = desk;
    this.root.append(this.#head, this.#list, this.#nobody);
    this.#rows = new Rows(
      this.#list,
      ({ seat }) => seat,
      () => this.#row(),
    );
    this.#things = new Rows(
      this.same,
      ({ step, finding }) => `${step} ${finding}`,
      () => this.#thing(),
    );
  }

  draw(): void {
    const { board, say } = this.#desk;
    const seats = board.needsYou.flatMap((number) => board.seats.get(number) ?? []);
    write(this.#head, `${say('workshop-board-needs-you')} · ${seats.length}`);
    this.#rows.show(seats.slice(0, MOST));
    this.#list.hidden = seats.length === 0;
    const more = seats.length - MOST;
    this.#nobody.hidden = seats.length > 0 && more <= 0;
    write(
      this.#nobody,
      seats.length === 0 ? say('workshop-board-nobody') : say('workshop-board-more', { count: more }),
    );
    if (!seats.some(({ seat }) => seat === this.#at)) this.#at = seats[0]?.seat ?? null;
    this.#showPlace();
    this.#things.show(sameThings(board.seats.values()).slice(0, MOST_SAME));
  }

  /** Goes down or up the queue. */
  move(by: 1 | -1): void {
    const { needsYou } = this.#desk.board;
    const shown = needsYou.slice(0, MOST);
    const at = shown.indexOf(this.#at ?? -1) + by;
    this.#at = shown[Math.max(0, Math.min(shown.length - 1, at))] ?? null;
    this.#showPlace();
    if (this.#at !== null) this.#rows.rootOf(this.#at)?.scrollIntoView({ block: 'nearest' });
  }

  take(): void {
    if (this.#at !== null) this.#act('take', this.#at);
  }

  done(): void {
    if (this.#at !== null) this.#act('done', this.#at);
  }

  #act(act: 'take' | 'done', seat: number): void {
    void this.#desk.act({ act, seat, by: this.#desk.who });
  }

  #showPlace(): void {
    for (const row of this.#list.children)
      mark(row as HTMLElement, 'aria-current', String(row === this.#rows.rootOf(this.#at ?? -1)));
  }

  #row(): Row<ShownSeat> {
    const desk = this.#desk;
    let seat = 0;
    const shape = element('span', { class: 'shape', 'aria-hidden': 'true' });
    const who = element('button', { class: 'who', type: 'button', onclick: () => desk.openSeat(seat) });
    const ask = element('span', { class: 'ask' });
    const since = element('span', { class: 'age' });
    let isTaken = false;
    const act = element('button', {
      ...{ class: 'act', type: 'button' },
      onclick: () => this.#act(isTaken ? 'done' : 'take', seat),
    });
    const root = element('li', {}, shape, who, ask, since, act);
    const update = (shown: ShownSeat) => {
      const need = needShown(shown);
      seat = shown.seat;
      isTaken = shown.takenBy !== null;
      mark(root, 'data-need', need);
      write(shape, SHAPES[need]);
      write(who, `${seatLabel(seat)} ${shown.name}`);
      write(ask, askOf(shown, desk.board.room.steps, desk));
      write(since, age(desk.now - (need === 'hand' ? shown.handAt : shown.sinceAt)));
      write(act, desk.word(isTaken ? 'workshop-page-put-down' : 'workshop-page-take'));
      mark(act, 'aria-label', `${act.textContent} ${who.textContent}`);
    };
    return { root, update };
  }

  #thing(): Row<SameThing> {
    const desk = this.#desk;
    const count = element('strong');
    const text = element('span');
    const seats = element('p', { class: 'soft seats-of' });
    const root = element('div', { class: 'remark' }, element('p', {}, count, ' ', text), seats);
    const update = (thing: SameThing) => {
      const at = desk.board.room.steps.findIndex(({ id }) => id === thing.step);
      const step = desk.say('workshop-board-step', { number: at + 1 });
      write(count, desk.say('workshop-board-same', { count: thing.seats.length }));
      write(text, `${step} · ${(thing.isTrouble ? desk.trouble : desk.finding)(thing.finding)}`);
      write(seats, thing.seats.map(seatLabel).join(' · '));
    };
    return { root, update };
  }
}
