/** The keyboard's focus over redraws: who pressed a button that is gone stands where it stood, and not nowhere. */

/** `step`: another one is shown. `told`: what a met step tells has come. */
export type News = 'step' | 'told' | null;

export class Focus {
  readonly #root: HTMLElement;
  /** Where we put it; null: it is where the reader has it. */
  #placed: HTMLElement | null = null;
  /** The act whose button went away under it. */
  #wanted: string | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Draws, and gives the focus a place where that took it away. */
  keep(draw: () => void, news: News): void {
    const had = document.activeElement as HTMLElement;
    const stoodIn = this.#ancestorsOf(had);
    draw();
    const isLost = stoodIn.length > 0 && !had.isConnected;
    const isAway = isLost || (this.#placed !== null && document.activeElement === this.#placed);
    if (isLost) this.#wanted = had.dataset.act ?? null;
    if (news === 'step' && !document.activeElement?.closest('.head')) this.#begin();
    else if (news === 'told' && isAway) this.#put(this.#root.querySelector('.told'));
    else if (isLost) this.#put(stoodIn.find((each) => each.isConnected) ?? null);
    else if (isAway && this.#wanted !== null) this.#giveBack(this.#wanted);
  }

  /** Another step is another page: it is read from its top. */
  #begin(): void {
    this.#wanted = null;
    window.scrollTo(0, 0);
    this.#put(this.#root.querySelector('h1'));
  }

  #giveBack(act: string): void {
    const button = this.#root.querySelector<HTMLElement>(`[data-act="${act}"]`);
    if (button === null) return;
    this.#placed = null;
    button.focus({ preventScroll: true });
  }

  #put(place: HTMLElement | null): void {
    if (place === null) return;
    this.#placed = place;
    if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }

  /** From the inside out, without the element itself; none where it is not of the page. */
  #ancestorsOf(element: HTMLElement): HTMLElement[] {
    const found: HTMLElement[] = [];
    if (!this.#root.contains(element)) return found;
    for (let each = element.parentElement; each && each !== this.#root; each = each.parentElement)
      found.push(each);
    return found;
  }
}
