/** All seats: a row each up to sixty, a cell each from there on. */
import {
  age,
  type Mark,
  markOf,
  marksOf,
  remarkOf,
  SHAPES,
  seatLabel,
} from '../../workshop/shown/seat-words.ts';
import type { ShownSeat } from '../../workshop/shown/shown-board.ts';
import type { PageDesk } from './desk-of-page.ts';
import { element, mark, type Row, Rows, write } from './elements.ts';

const MOST_ROWS = 60;

export class SeatsPart {
  readonly root = element('section', { class: 'seats', 'aria-labelledby': 'the-seats' });
  readonly find = element('input', { type: 'search', class: 'find', maxlength: '40' });
  readonly #desk: PageDesk;
  readonly #head = element('h2', { id: 'the-seats' });
  readonly #nobody = element('p', { class: 'soft' });
  #list: HTMLElement = element('ol');
  #rows: Rows<ShownSeat> | null = null;
  #isCells = false;

  constructor(desk: PageDesk) {
    this.#desk = desk;
    this.root.append(element('div', { class: 'head-line' }, this.#head, this.find), this.#list, this.#nobody);
    this.find.addEventListener('input', () => this.draw());
  }

  /** All of them. */
  draw(): void {
    const { board, say } = this.#desk;
    const seats = board.inOrder();
    write(this.#head, `${say('workshop-board-seats')} · ${seats.length}`);
    const label = this.#desk.word('workshop-page-find');
    mark(this.find, 'placeholder', label);
    mark(this.find, 'aria-label', label);
    this.#nobody.hidden = seats.length > 0;
    write(this.#nobody, say('workshop-board-no-seats'));
    this.#choose(seats.length > MOST_ROWS);
    this.#rows?.show(seats.filter((seat) => this.#isFound(seat)));
  }

  /** Only these; where one comes or goes, all. */
  drawSome(changed: readonly number[]): void {
    const { seats } = this.#desk.board;
    const isSame = changed.every((number) => {
      const seat = seats.get(number);
      return seat !== undefined && this.#rows?.update(seat) === true;
    });
    if (!isSame) this.draw();
  }

  /** Times go on. Cells have none. */
  tick(): void {
    if (this.#isCells) return;
    for (const seat of this.#desk.board.seats.values()) this.#rows?.update(seat);
  }

  #isFound({ seat, name }: ShownSeat): boolean {
    const wanted = this.find.value.trim().toLowerCase();
    return wanted === '' || name.toLowerCase().includes(wanted) || seatLabel(seat).includes(wanted);
  }

  #choose(isCells: boolean): void {
    if (this.#rows && isCells === this.#isCells) return;
    this.#isCells = isCells;
    const list = element('ol', { class: isCells ? 'cells' : 'panel rows' });
    this.#list.replaceWith(list);
    this.#list = list;
    this.#rows = new Rows(
      list,
      ({ seat }) => seat,
      () => (isCells ? this.#cell() : this.#row()),
    );
  }

  #row(): Row<ShownSeat> {
    const desk = this.#desk;
    let seat = 0;
    const number = element('span', { class: 'number' });
    const name = element('button', { class: 'who', type: 'button', onclick: () => desk.openSeat(seat) });
    const marks = element('span', { class: 'marks', role: 'img' });
    const remark = element('span', { class: 'remark-of' });
    const since = element('span', { class: 'age' });
    const root = element('li', {}, number, name, marks, remark, since);
    const update = (shown: ShownSeat) => {
      seat = shown.seat;
      write(number, seatLabel(seat));
      write(name, shown.name);
      mark(name, 'aria-label', `${seatLabel(seat)} ${shown.name}`);
      drawMarks(marks, marksOf(shown, desk.board.room.steps), desk);
      write(remark, remarkOf(shown, desk));
      write(since, age(desk.now - shown.sinceAt));
      mark(root, 'data-state', shown.state);
    };
    return { root, update };
  }

  #cell(): Row<ShownSeat> {
    const desk = this.#desk;
    let seat = 0;
    const shape = element('span', { 'aria-hidden': 'true' });
    const number = element('span', { class: 'number' });
    const button = element('button', { type: 'button', onclick: () => desk.openSeat(seat) }, number, shape);
    const update = (shown: ShownSeat) => {
      seat = shown.seat;
      const is = shown.hand ? 'hand' : markOf(shown);
      const at = desk.board.room.steps.findIndex(({ id }) => id === shown.step) + 1;
      write(number, seatLabel(seat));
      write(shape, SHAPES[is]);
      mark(shape, 'class', `shape ${is}`);
      const words = [`${seatLabel(seat)} ${shown.name}`, desk.say(`workshop-board-${is}`)];
      if (at > 0) words.push(desk.say('workshop-board-step', { number: at }));
      mark(button, 'aria-label', words.join(', '));
      mark(button, 'title', words.join(', '));
    };
    return { root: element('li', {}, button), update };
  }
}

/** A shape a step, and in words how many are done. */
function drawMarks(target: HTMLElement, marks: readonly Mark[], { say }: PageDesk): void {
  const key = marks.join();
  const done = marks.filter((is) => is === 'done' || is === 'skipped').length;
  mark(target, 'aria-label', `${say('workshop-board-done')} ${done}/${marks.length}`);
  if (target.dataset.marks === key) return;
  target.dataset.marks = key;
  target.replaceChildren(...marks.map((is) => element('span', { class: `shape ${is}` }, SHAPES[is])));
}
