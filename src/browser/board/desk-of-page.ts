/** What all parts of the page share: the board as it is shown, the words, and how to act. */
import type { BoardWord, PageTexts, PageWord } from '../../workshop/shown/board-words.ts';
import type { Told } from '../../workshop/shown/seat-words.ts';
import { ShownBoard } from '../../workshop/shown/shown-board.ts';

type Values = Record<string, string | number>;

/** What an instructor does, as the board takes it. */
export type PageAct =
  | { act: 'say'; text: string }
  | { act: 'pace'; step: string | null }
  | { act: 'take' | 'done'; seat: number; by: string | null }
  | { act: 'rename'; seat: number; name: string }
  | { act: 'remove'; seats: number[] }
  | { act: 'lock' | 'unlock' }
  | { act: 'reset'; seats: number[] | 'all'; next: boolean };

export class PageDesk implements Told {
  readonly board = new ShownBoard();
  /** Called with why an act was refused; null: it was not. */
  onRefusal: (why: string | null) => void = () => {};
  /** Opens a seat's own story. */
  openSeat: (seat: number) => void = () => {};
  language: string;
  readonly #texts: PageTexts;
  /** The board's clock less that of this page, in milliseconds. */
  #ahead = 0;

  constructor(texts: PageTexts, language: string) {
    this.#texts = texts;
    this.language = language;
  }

  get languages(): string[] {
    return Object.keys(this.#texts.languages);
  }

  get who(): string | null {
    return localStorage.getItem('who');
  }

  /** The board's clock, in milliseconds. */
  get now(): number {
    return Date.now() + this.#ahead;
  }

  tune(): void {
    this.#ahead = this.board.atMs - Date.now();
  }

  word(word: PageWord, values: Values = {}): string {
    const text = this.#text('words', word) ?? word;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? '…'));
  }

  readonly say = (word: BoardWord, values: Values = {}): string => this.word(word, values);
  readonly finding = (id: string): string => this.#text('findings', id) ?? id;
  readonly trouble = (code: string): string => this.#text('troubles', code) ?? code;

  title(id: string): string {
    const step = this.board.room.steps.find((each) => each.id === id);
    return step?.title[this.language] ?? id;
  }

  readonly act = async (act: PageAct): Promise<void> => {
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/act', { method: 'POST', headers, body: JSON.stringify(act) });
      this.onRefusal(answer.ok ? null : `${answer.status} ${(await answer.text()).slice(0, 200)}`);
    } catch (error) {
      this.onRefusal(String(error));
    }
  };

  #text(of: 'words' | 'findings' | 'troubles', key: string): string | undefined {
    const texts: Record<string, string> = this.#texts.languages[this.language]?.[of] ?? {};
    return Object.hasOwn(texts, key) ? texts[key] : undefined;
  }
}
