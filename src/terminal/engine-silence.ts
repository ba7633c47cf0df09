/** That the engine does not answer, as rows under what it said last. Where nothing can be drawn over it is told once, and once that it is over. */
import type { Content } from '../lab/content.ts';
import { wrap } from '../wrap.ts';
import type { Screen } from './screen.ts';

export class EngineSilence {
  readonly #about: { screen: Screen; content: Content };
  /** Null: it answers. */
  #seconds: number | null = null;

  constructor(about: { screen: Screen; content: Content }) {
    this.#about = about;
  }

  /** `seconds`: since it last answered. */
  take(seconds: number | null): void {
    const { screen, content } = this.#about;
    const isNew = (seconds === null) !== (this.#seconds === null);
    this.#seconds = seconds;
    if (screen.isLive || !isNew) return;
    for (const row of this.rows()) screen.aside(row);
    if (seconds === null) screen.aside(content.say('messages', 'engine-answers'));
  }

  rows(): string[] {
    const { screen, content } = this.#about;
    if (this.#seconds === null) return [];
    const said = content.say('messages', 'engine-silent', { seconds: this.#seconds });
    return wrap(said, screen.columns - 1).map((row) => screen.paint('yellow', row));
  }
}
