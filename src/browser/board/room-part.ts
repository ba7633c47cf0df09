/** Where the room is: a bar a step, and the pace. */
import type { BoardView } from '../../workshop/board-schema.ts';
import { SHAPES } from '../../workshop/shown/seat-words.ts';
import type { PageDesk } from './desk-of-page.ts';
import { element, mark, type Row, Rows, write } from './elements.ts';

type Count = BoardView['steps'][number];

export class RoomPart {
  readonly root = element('section', { class: 'room', 'aria-labelledby': 'the-room' });
  readonly #desk: PageDesk;
  readonly #head = element('h2', { id: 'the-room' });
  readonly #list = element('ol', { class: 'bars' });
  readonly #legend = element('p', { class: 'soft legend', 'aria-hidden': 'true' });
  readonly #open = element('button', { class: 'act', type: 'button' });
  readonly #rows: Rows<Count>;
  readonly #isWall: boolean;
  readonly #all: () => number;

  /** `all`: how many seats fill a bar. `isWall`: it is only looked at. */
  constructor(desk: PageDesk, { isWall = false, all = () => desk.board.totals().all } = {}) {
    this.#desk = desk;
    this.#isWall = isWall;
    this.#all = all;
    this.root.append(this.#head, this.#list, this.#legend);
    if (!isWall) this.root.append(this.#open);
    this.#open.addEventListener('click', () => void desk.act({ act: 'pace', step: null }));
    this.#rows = new Rows(
      this.#list,
      ({ id }) => id,
      () => this.#row(),
    );
  }

  draw(): void {
    const { board, say, word } = this.#desk;
    const at = board.room.steps.findIndex(({ id }) => id === board.room.pace);
    const pace = at < 0 ? say('workshop-board-pace-open') : say('workshop-board-pace', { number: at + 1 });
    write(this.#head, `${say('workshop-board-room')} · ${pace}`);
    this.#rows.show(board.counts);
    const legend = (['done', 'stuck', 'working'] as const).map(
      (is) => [is, say(`workshop-board-${is}`)] as const,
    );
    if (this.#legend.dataset.language !== this.#desk.language) {
      this.#legend.dataset.language = this.#desk.language;
      this.#legend.replaceChildren(
        ...legend.flatMap(([is, text]) => [
          element('span', { class: `key ${is}` }),
          element('span', {}, text),
        ]),
      );
    }
    write(this.#open, word.call(this.#desk, 'workshop-page-own-pace'));
    this.#open.hidden = at < 0;
  }

  /** Puts the keyboard on the step that the room is at, or the first. */
  focus(): void {
    const buttons = [...this.#list.querySelectorAll('button')];
    (buttons.find((button) => button.getAttribute('aria-pressed') === 'true') ?? buttons[0])?.focus();
  }

  #row(): Row<Count> {
    const desk = this.#desk;
    let step = '';
    const name = this.#isWall
      ? element('span', { class: 'name' })
      : element('button', {
          ...{ class: 'name', type: 'button' },
          onclick: () => void desk.act({ act: 'pace', step }),
        });
    const parts = (['done', 'stuck', 'working'] as const).map(
      (is) => [is, element('span', { class: is })] as const,
    );
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, ...parts.map(([, part]) => part));
    const total = element('span', { class: 'count' });
    const root = element('li', {}, name, bar, total);
    const update = (count: Count) => {
      step = count.id;
      const number = desk.board.room.steps.findIndex(({ id }) => id === count.id) + 1;
      const all = Math.max(1, this.#all());
      const isPace = desk.board.room.pace === count.id;
      write(name, `${number} ${desk.title(count.id)}`);
      if (!this.#isWall) {
        mark(name, 'aria-pressed', String(isPace));
        mark(name, 'title', desk.word('workshop-page-set-pace', { number }));
      } else mark(name, 'aria-current', isPace ? 'step' : 'false');
      for (const [is, part] of parts) part.style.width = `${(100 * count[is]) / all}%`;
      write(total, `${count.done}`);
      const spoken = parts.map(([is]) => `${desk.say(`workshop-board-${is}`)} ${count[is]}`).join(', ');
      mark(total, 'title', spoken);
      mark(root, 'data-pace', isPace ? SHAPES.done : '');
    };
    return { root, update };
  }
}
