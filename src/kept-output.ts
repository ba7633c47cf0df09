/** What a command printed, as far as it is kept: all, or, of one that prints for ever, its first and its last part. */

/** Characters of each of both parts. */
const PART = 100_000;
/** Characters of a line that is passed on at once; longer ones come in pieces. */
const LONGEST_LINE = 64_000;

/** The line that stands for what is not kept. */
const LEFT_OUT = /^⋮ (\d+) lines left out$/;

/** How many lines this one stands for; null where it is a line of the command's own. */
export function leftOutBy(line: string): number | null {
  const count = LEFT_OUT.exec(line)?.[1];
  return count === undefined ? null : Number(count);
}

export class KeptOutput {
  readonly #part: number;
  #first = '';
  #last = '';
  #newlines = 0;
  #isCut = false;

  constructor(part = PART) {
    this.#part = part;
  }

  take(text: string): void {
    const room = this.#part - this.#first.length;
    this.#first += text.slice(0, room);
    this.#last += text.slice(room);
    this.#newlines += newlinesIn(text);
    // Cut now and then, not at each piece.
    if (this.#last.length > 4 * this.#part) this.#cut();
  }

  text(): string {
    if (this.#last.length > this.#part) this.#cut();
    if (!this.#isCut) return this.#first + this.#last;
    const first = this.#first.slice(0, this.#first.lastIndexOf('\n') + 1) || `${this.#first}\n`;
    const last = this.#last.slice(this.#last.indexOf('\n') + 1);
    const leftOut = this.#newlines - newlinesIn(first) - newlinesIn(last);
    return `${first}⋮ ${Math.max(1, leftOut)} lines left out\n${last}`;
  }

  #cut(): void {
    this.#isCut = true;
    this.#last = this.#last.slice(-this.#part);
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Passes on lines as they come in pieces of text; `end` passes on a last one without its newline. */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    if (this.#rest.length > LONGEST_LINE) this.end();
  }

  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
