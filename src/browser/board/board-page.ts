/** The instructor's page: its parts, drawn from the board's news as they come. */
import type { BoardNews } from '../../workshop/board-schema.ts';
import type { PageTexts } from '../../workshop/shown/board-words.ts';
import { PageDesk } from './desk-of-page.ts';
import { element } from './elements.ts';
import { HeadPart } from './head-part.ts';
import { News } from './news.ts';
import { QueuePart } from './queue-part.ts';
import { RoomPart } from './room-part.ts';
import { SeatPanel } from './seat-panel.ts';
import { SeatsPart } from './seats-part.ts';

class BoardPage {
  readonly #desk: PageDesk;
  #head!: HeadPart;
  #queue!: QueuePart;
  #room!: RoomPart;
  #seats!: SeatsPart;
  #asking!: HTMLDialogElement;
  readonly #changed = new Set<number>();
  #isAll = true;
  #isWaiting = false;

  constructor(texts: PageTexts) {
    const wanted = localStorage.getItem('language') ?? navigator.language.slice(0, 2);
    this.#desk = new PageDesk(texts, Object.hasOwn(texts.languages, wanted) ? wanted : 'en');
    this.#build();
    const live = new News<BoardNews>('/live', (news) => {
      const changed = this.#desk.board.take(news);
      this.#desk.tune();
      if (changed === null) this.#isAll = true;
      for (const seat of changed ?? []) this.#changed.add(seat);
      this.#drawSoon();
    });
    setInterval(() => this.#head.tick(live), 250);
    setInterval(() => {
      this.#queue.draw();
      this.#seats.tick();
    }, 1000);
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  /** In the language that is chosen. */
  #build(): void {
    const desk = this.#desk;
    document.documentElement.lang = desk.language === 'zh' ? 'zh-CN' : desk.language;
    const ask = (question: string, then: () => void) => this.#ask(question, then);
    this.#head = new HeadPart(desk, { ask, turn: () => this.#turn() });
    this.#queue = new QueuePart(desk);
    this.#room = new RoomPart(desk);
    this.#seats = new SeatsPart(desk);
    this.#asking = element('dialog', { class: 'panel asking', 'aria-labelledby': 'question' });
    const panel = new SeatPanel(desk, ask);
    desk.openSeat = (seat) => void panel.open(seat);
    const left = element('div', { class: 'column' }, this.#queue.root);
    const right = element('div', { class: 'column' }, this.#room.root, this.#queue.same, this.#seats.root);
    const main = element('main', {}, left, right);
    document.body.replaceChildren(this.#head.root, main, panel.root, this.#asking);
    this.#isAll = true;
  }

  /** One drawing for all news that come together. */
  #drawSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  #draw(): void {
    document.title = `${this.#desk.board.needsYou.length} · ${this.#desk.board.name}`;
    this.#head.draw();
    this.#queue.draw();
    this.#room.draw();
    if (this.#isAll) this.#seats.draw();
    else this.#seats.drawSome([...this.#changed]);
    this.#isAll = false;
    this.#changed.clear();
  }

  #turn(): void {
    const { languages, language } = this.#desk;
    this.#desk.language = languages[(languages.indexOf(language) + 1) % languages.length] ?? language;
    localStorage.setItem('language', this.#desk.language);
    this.#build();
    this.#draw();
  }

  #ask(question: string, then: () => void): void {
    const dialog = this.#asking;
    const button = (text: string, press: () => void, kind: string) =>
      element('button', { class: `act ${kind}`, type: 'button', onclick: press }, text);
    const sure = () => {
      dialog.close();
      then();
    };
    dialog.replaceChildren(
      element('p', { id: 'question' }, question),
      button(this.#desk.word('workshop-page-sure'), sure, 'first'),
      button(this.#desk.word('workshop-page-cancel'), () => dialog.close(), ''),
    );
    dialog.showModal();
  }

  /** A letter does something only where none is typed. */
  #press(event: KeyboardEvent): void {
    const { target, key } = event;
    const isTyped = target instanceof HTMLInputElement;
    if (isTyped && key === 'Escape') target.blur();
    if (isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    const acts: Record<string, () => void> = {
      j: () => this.#queue.move(1),
      k: () => this.#queue.move(-1),
      t: () => this.#queue.take(),
      d: () => this.#queue.done(),
      p: () => this.#room.focus(),
      '/': () => this.#seats.find.focus(),
    };
    if (!Object.hasOwn(acts, key)) return;
    event.preventDefault();
    acts[key]?.();
  }
}

async function begin(): Promise<void> {
  const answer = await fetch('/words');
  new BoardPage((await answer.json()) as PageTexts);
}

void begin();
