/** Elements of a page. Text from outside only ever becomes text: nothing here parses markup. */

type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** `element('button', { class: 'act', onclick: take }, 'Take')`. What is false is left out. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** Writes only what is another: what did not change is not laid out again, nor read out again. */
export function write(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function mark(target: HTMLElement, attribute: string, value: string): void {
  if (target.getAttribute(attribute) !== value) target.setAttribute(attribute, value);
}

export interface Row<V> {
  root: HTMLElement;
  update(value: V): void;
}

/** Rows by their key: one that stays keeps its element, and with it the focus. */
export class Rows<V> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (value: V) => string | number;
  readonly #make: (value: V) => Row<V>;
  readonly #rows = new Map<string | number, Row<V>>();

  constructor(parent: HTMLElement, keyOf: (value: V) => string | number, make: (value: V) => Row<V>) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  /** All rows, in this order. */
  show(values: readonly V[]): void {
    const left = new Set(this.#rows.keys());
    let place: Element | null = this.#parent.firstElementChild;
    for (const value of values) {
      const key = this.#keyOf(value);
      left.delete(key);
      const row = this.#rowOf(key, value);
      row.update(value);
      if (row.root === place) place = place.nextElementSibling;
      else this.#parent.insertBefore(row.root, place);
    }
    for (const key of left) this.#drop(key);
  }

  /** One that is there already. */
  update(value: V): boolean {
    const row = this.#rows.get(this.#keyOf(value));
    row?.update(value);
    return row !== undefined;
  }

  rootOf(key: string | number): HTMLElement | null {
    return this.#rows.get(key)?.root ?? null;
  }

  #rowOf(key: string | number, value: V): Row<V> {
    const known = this.#rows.get(key);
    if (known) return known;
    const row = this.#make(value);
    this.#rows.set(key, row);
    return row;
  }

  #drop(key: string | number): void {
    this.#rows.get(key)?.root.remove();
    this.#rows.delete(key);
  }
}
