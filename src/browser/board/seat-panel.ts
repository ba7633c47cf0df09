/** One seat, opened: what it did, step by step, and what can be done about it. */
import type { SeatStory } from '../../workshop/room/seat-row.ts';
import { age, seatLabel } from '../../workshop/shown/seat-words.ts';
import type { PageDesk } from './desk-of-page.ts';
import { element, write } from './elements.ts';

type StoryStep = SeatStory['steps'][number];

export class SeatPanel {
  readonly root = element('dialog', { class: 'panel seat', 'aria-labelledby': 'seat-title' });
  readonly #desk: PageDesk;
  readonly #ask: (question: string, then: () => void) => void;
  readonly #title = element('h2', { id: 'seat-title' });
  readonly #list = element('ol', { class: 'story' });
  readonly #name = element('input', { maxlength: '40', autocomplete: 'off' });
  #seat = 0;

  /** `ask`: asks whether that is really meant. */
  constructor(desk: PageDesk, ask: (question: string, then: () => void) => void) {
    this.#desk = desk;
    this.#ask = ask;
  }

  async open(seat: number): Promise<void> {
    const answer = await fetch(`/seats/${seat}`);
    if (!answer.ok) return this.#desk.onRefusal(`${answer.status}`);
    this.#seat = seat;
    this.#draw((await answer.json()) as SeatStory);
    if (!this.root.open) this.root.showModal();
  }

  #draw({ seat, name, pglab, steps }: SeatStory): void {
    const { word } = this.#words();
    write(this.#title, `${seatLabel(seat)} ${name}`);
    this.#list.replaceChildren(...steps.map((step) => this.#step(step)));
    this.#name.value = name;
    this.#name.setAttribute('aria-label', word('workshop-page-new-name'));
    const rename = element('form', { class: 'line', onsubmit: (event) => this.#rename(event) });
    rename.append(this.#name, element('button', { class: 'act' }, word('workshop-page-rename')));
    const acts = element('p', { class: 'line' }, ...this.#acts());
    const close = element(
      'button',
      { class: 'act first', type: 'button', onclick: () => this.root.close() },
      word('workshop-page-close-panel'),
    );
    const version = element('p', { class: 'soft' }, `pglab ${pglab}`);
    this.root.replaceChildren(this.#title, version, this.#list, rename, acts, close);
  }

  #acts(): HTMLElement[] {
    const { word } = this.#words();
    const { act, who } = this.#desk;
    const seat = this.#seat;
    const button = (text: string, press: () => void) =>
      element('button', { class: 'act', type: 'button', onclick: press }, text);
    const sure = (text: string, then: () => void) =>
      button(text, () => this.#ask(`${text}: ${this.#title.textContent}`, () => this.#andClose(then)));
    return [
      button(word('workshop-page-take'), () =>
        this.#andClose(() => void act({ act: 'take', seat, by: who })),
      ),
      button(word('workshop-page-put-down'), () =>
        this.#andClose(() => void act({ act: 'done', seat, by: who })),
      ),
      sure(word('workshop-page-reset'), () => void act({ act: 'reset', seats: [seat], next: false })),
      sure(word('workshop-page-remove'), () => void act({ act: 'remove', seats: [seat] })),
    ];
  }

  #rename(event: Event): void {
    event.preventDefault();
    this.root.close();
    const name = this.#name.value.trim();
    if (name !== '') void this.#desk.act({ act: 'rename', seat: this.#seat, name });
  }

  #andClose(then: () => void): void {
    then();
    this.root.close();
  }

  #step(step: StoryStep): HTMLElement {
    const { say, word } = this.#words();
    const { id, outcome, findings, hints, tookMs, sinceMs, byHand, predicted } = step;
    const is = {
      met: 'done',
      skipped: 'skipped',
      'not-met': 'working',
      unknown: 'working',
      working: 'working',
    } as const;
    const facts = [say(`workshop-board-${is[outcome]}`)];
    if (tookMs !== null) facts.push(word('workshop-page-took', { age: age(tookMs) }));
    else if (sinceMs !== null && outcome !== 'met') facts.push(age(sinceMs));
    if (byHand) facts.push(word('workshop-page-by-hand'));
    if (hints > 0) facts.push(say('workshop-board-hints', { level: hints }));
    if (predicted !== null) facts.push(word(`workshop-page-predicted-${predicted ? 'right' : 'wrong'}`));
    const told = findings.map(({ finding, times }) => {
      const often = times > 1 ? ` · ${say('workshop-board-times', { count: times })}` : '';
      return element('li', {}, `${this.#desk.finding(finding)}${often}`);
    });
    const list = told.length > 0 ? [element('ul', {}, ...told)] : [];
    return element('li', {}, element('strong', {}, this.#desk.title(id)), ` ${facts.join(' · ')}`, ...list);
  }

  #words() {
    const desk = this.#desk;
    return { say: desk.say, word: desk.word.bind(desk) };
  }
}
