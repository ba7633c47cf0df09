/** The head of the page: which workshop, who is here, how old what is shown is, and what is said to all. */
import { MANY_EMPTY } from '../../workshop/shown/empty-seats.ts';
import type { PageDesk } from './desk-of-page.ts';
import { element, write } from './elements.ts';
import type { News } from './news.ts';

export class HeadPart {
  readonly root = element('header', { class: 'top' });
  readonly #desk: PageDesk;
  readonly #title = element('h1');
  readonly #facts = element('p', { class: 'soft facts' });
  readonly #live = element('p', { class: 'live' });
  readonly #said = element('p', { class: 'soft said' });
  readonly #refused = element('p', { class: 'refused', role: 'alert' });
  readonly #text = element('input', { maxlength: '400', autocomplete: 'off' });
  readonly #lock: HTMLButtonElement;
  /** Removes the seats that nobody sits at. */
  readonly #clear: HTMLButtonElement;

  /** `ask`: asks whether that is really meant. `turn`: shows the page in the other language. */
  constructor(
    desk: PageDesk,
    { ask, turn }: { ask: (question: string, then: () => void) => void; turn: () => void },
  ) {
    this.#desk = desk;
    const word = desk.word.bind(desk);
    const button = (text: string, press: () => void) =>
      element('button', { class: 'act', type: 'button', onclick: press }, text);
    const reset = (text: string, next: boolean) =>
      button(text, () => ask(text, () => void desk.act({ act: 'reset', seats: 'all', next })));
    this.#lock = button('', () => void desk.act({ act: desk.board.room.locked ? 'unlock' : 'lock' }));
    this.#clear = button('', () =>
      ask(
        this.#clear.textContent ?? '',
        () => void desk.act({ act: 'remove', seats: desk.board.empty(desk.now) }),
      ),
    );
    const more = element(
      'details',
      { class: 'more' },
      element('summary', {}, word('workshop-page-more')),
      element(
        'div',
        { class: 'panel line' },
        this.#lock,
        this.#clear,
        reset(word('workshop-page-reset-all'), false),
        reset(word('workshop-page-next-group'), true),
        this.#who(),
        element('p', { class: 'soft' }, word('workshop-page-keys')),
      ),
    );
    const language = button(word('workshop-page-language'), turn);
    const links = element('p', { class: 'line links' }, wallLink(desk), language, more);
    this.root.append(this.#title, this.#facts, this.#live, this.#sayForm(), links, this.#said, this.#refused);
    desk.onRefusal = (why) =>
      write(this.#refused, why === null ? '' : word('workshop-page-refused', { why }));
  }

  draw(): void {
    const { board, say, word } = this.#desk;
    const { here, all, missing } = board.totals();
    write(this.#title, board.name);
    const facts = [
      say('workshop-board-group', { group: board.group }),
      say('workshop-board-here', { here, all }),
      missing === 0
        ? say('workshop-board-all-lines')
        : say('workshop-board-lines-missing', { count: missing }),
    ];
    if (board.room.locked) facts.push(say('workshop-board-locked'));
    if (board.isFull) facts.push(say('workshop-board-full'));
    const empty = board.empty(this.#desk.now).length;
    if (empty >= MANY_EMPTY) facts.push(say('workshop-board-empty', { count: empty }));
    this.#clear.hidden = empty === 0;
    write(this.#clear, word.call(this.#desk, 'workshop-page-remove-empty', { count: empty }));
    if (board.room.closed) facts.push(say('workshop-board-closed'));
    write(this.#facts, facts.join(' · '));
    const { said } = board.room;
    write(this.#said, said ? say('workshop-board-said', { text: said.text }) : '');
    write(
      this.#lock,
      word.call(this.#desk, board.room.locked ? 'workshop-page-unlock' : 'workshop-page-lock'),
    );
  }

  /** Tells the age of what is shown. */
  tick({ isStale, seconds }: Pick<News<unknown>, 'isStale' | 'seconds'>): void {
    document.body.classList.toggle('stale', isStale);
    const key = isStale ? 'workshop-board-stale' : 'workshop-board-live';
    write(this.#live, `${isStale ? '○' : '●'} ${this.#desk.say(key, { seconds })}`);
  }

  #sayForm(): HTMLElement {
    const label = this.#desk.word('workshop-page-say-what');
    this.#text.setAttribute('aria-label', label);
    this.#text.setAttribute('placeholder', label);
    const button = element('button', { class: 'act' }, this.#desk.word('workshop-page-say'));
    return element('form', { class: 'line say', onsubmit: (event) => this.#say(event) }, this.#text, button);
  }

  #say(event: Event): void {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (text === '') return;
    void this.#desk.act({ act: 'say', text });
    this.#text.value = '';
  }

  #who(): HTMLElement {
    const label = this.#desk.word('workshop-page-who-are-you');
    const input = element('input', { maxlength: '40', autocomplete: 'off' });
    input.value = this.#desk.who ?? '';
    input.addEventListener('input', () => {
      const who = input.value.trim();
      if (who === '') localStorage.removeItem('who');
      else localStorage.setItem('who', who);
    });
    return element('label', {}, label, input);
  }
}

function wallLink(desk: PageDesk): HTMLElement {
  return element('a', { href: '/wall', target: '_blank' }, desk.word('workshop-page-wall'));
}
